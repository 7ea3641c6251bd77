#include "app/cli/train_run.hpp"

#include <unistd.h>

#include "app/cli/train_report.hpp"
#include "core/base/engine.hpp"
#include "core/base/error.hpp"
#include "core/run/run_queue.hpp"
#include "core/run/run_status.hpp"
#include "core/run/this_machine.hpp"

namespace ember::cli {

namespace fs = std::filesystem;

namespace {

RunStatus waiting_status(const fs::path& run) {
    RunStatus status = read_run_status(run).value_or(RunStatus());
    status.state = RunState::queued;
    status.name = run.filename().string();
    status.pid = getpid();
    status.host = host_name();
    status.started = status.updated = utc_text();
    status.message = "Waiting for earlier runs";
    status.error_class = status.error_place = status.error_remedy = "";
    return status;
}

/// Who watches the folder sees that the run waits, and that it gave up.
void wait_for_turn(QueueTicket& ticket, const fs::path& run, JobContext& job) {
    fs::create_directories(run);
    RunStatus status = waiting_status(run);
    write_run_status(run, status);
    try {
        ticket.wait(job);
    } catch (const Cancelled&) {
        status.state = RunState::stopped;
        status.message = "Stopped while it waited";
        status.updated = utc_text();
        write_run_status(run, status);
        throw;
    }
}

} // namespace

void train_and_tell(TrainRequest request, bool queue, const Invocation& invocation, JobContext& job) {
    request.threads = invocation.threads;
    std::optional<QueueTicket> ticket;
    if (queue) {
        ticket.emplace(request.run_directory);
        wait_for_turn(*ticket, request.run_directory, job);
    }
    const TrainResult result = engine().train(request, job);
    if (invocation.json) {
        print_json(result_json(result));
    } else {
        print(result_text(result));
    }
    if (result.state == RunState::stopped && job.cancel_requested()) {
        throw StatusWanted{static_cast<int>(ExitStatus::cancelled)};
    }
}

} // namespace ember::cli

#include "app/cli/train_run.hpp"

#include <functional>
#include <optional>

#include <unistd.h>

#include <nlohmann/json.hpp>

#include "app/cli/train_report.hpp"
#include "core/base/engine.hpp"
#include "core/base/error.hpp"
#include "core/run/earlier_run.hpp"
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

/// Nothing is written into a folder that the run may not have when its turn comes.
void check_place(const TrainRequest& request) {
    const fs::path& run = request.run_directory;
    if (request.resume) {
        check_resumable(run);
    } else {
        const auto config = nlohmann::json::parse(request.config, nullptr, false);
        const auto overwrite = config.is_object() ? config.find("overwrite") : config.end();
        check_fresh_run(run, overwrite != config.end() && *overwrite == true);
    }
    check_run_is_free(run);
}

/// Says why a run ended that is still called queued: one that the engine has begun tells that itself.
void end_queued(const fs::path& run, const std::function<void(RunStatus&)>& change) noexcept {
    try {
        std::optional<RunStatus> status = read_run_status(run);
        if (status && status->state == RunState::queued && status->pid == getpid()) {
            change(*status);
            status->updated = utc_text();
            write_run_status(run, *status);
        }
    } catch (const std::exception&) {
        // The error that ended the run counts.
    }
}

/// Waits and trains; who watches the folder sees that the run waits, and that it gave up.
TrainResult train_in_turn(const TrainRequest& request, JobContext& job) {
    const fs::path& run = request.run_directory;
    check_place(request);
    fs::create_directories(run);
    ask_run(run, RunCommand::none); // an earlier wish is not this run's
    QueueTicket ticket(run);
    write_run_status(run, waiting_status(run));
    try {
        ticket.wait(job);
        return engine().train(request, job);
    } catch (const Cancelled&) {
        end_queued(run, [](RunStatus& status) {
            status.state = RunState::stopped;
            status.message = "Stopped while it waited";
        });
        throw;
    } catch (const Error& error) {
        end_queued(run, [&](RunStatus& status) {
            status.state = RunState::failed;
            status.message = error.message();
            status.error_class = error.class_name();
            status.error_place = error.place_text();
            status.error_remedy = error.remedy();
        });
        throw;
    }
}

} // namespace

void train_and_tell(TrainRequest request, bool queue, const Invocation& invocation, JobContext& job) {
    request.threads = invocation.threads;
    const TrainResult result = queue ? train_in_turn(request, job) : engine().train(request, job);
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

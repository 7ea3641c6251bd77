#include "core/training/train.hpp"

#include "core/base/error.hpp"
#include "core/run/run_status.hpp"
#include "core/training/run_setup.hpp"
#include "core/training/run_watch.hpp"
#include "core/training/training_run.hpp"

namespace ember {

namespace {

/// Passes on what preparation reports; the phases of a part are the job's.
class Forwarder final : public JobListener {
public:
    explicit Forwarder(JobContext& job) : job_(job) {}
    void on_progress(const Progress& progress) override {
        if (progress.phase != phase_) {
            phase_ = progress.phase;
            job_.begin(progress.phase, progress.total, progress.unit);
        }
        job_.advance_to(progress.done);
    }
    void on_log(LogLevel level, std::string_view text) override {
        level == LogLevel::warning ? job_.warn(text) : job_.info(text);
    }

private:
    JobContext& job_;
    std::string phase_;
};

RunStatus first_status(const TrainRequest& request) {
    RunStatus status;
    status.state = RunState::preparing;
    status.name = std::filesystem::absolute(request.run_directory).lexically_normal().filename().string();
    status.message = request.resume ? "Reading the checkpoint" : "Reading the data";
    return status;
}

void end_failed(RunWatch& watch, const Error& error) {
    watch.finish([&](RunStatus& status) {
        status.state = RunState::failed;
        status.message = error.message();
        status.error_class = error.class_name();
        status.error_place = error.place_text();
        status.error_remedy = error.remedy();
    });
}

} // namespace

TrainResult train_st_model(const TrainRequest& request, JobContext& job) {
    claim_directory(request);
    const RunLock lock(request.run_directory);
    RunWatch watch(request.run_directory, first_status(request), job);
    try {
        Forwarder forwarder(job);
        JobContext preparing(&forwarder, watch.stop_token());
        RunSetup setup = set_up_run(request, run_configuration(request), preparing);
        TrainingRun run(std::move(setup), watch, job);
        const TrainResult result = run.run();
        watch.finish([&](RunStatus& status) {
            status.state = result.state;
            status.message = result.reason;
            status.seconds_left = 0;
        });
        return result;
    } catch (const Cancelled&) {
        watch.finish([](RunStatus& status) {
            status.state = RunState::stopped;
            status.message = "Stopped before the first step";
        });
        throw;
    } catch (const Error& error) {
        end_failed(watch, error);
        throw;
    } catch (const std::exception& error) {
        // Translated where the engine ends; here only the status counts.
        end_failed(watch, Error("EngineFailure", error.what(), {}, "Report this with the run's log.txt"));
        throw;
    }
}

} // namespace ember

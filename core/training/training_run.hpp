#pragma once
// The loop: steps, validations, checkpoints, rollbacks, until the run is done or asked to stop.

#include <chrono>
#include <memory>
#include <string>

#include "core/base/train.hpp"
#include "core/training/checkpoint_store.hpp"
#include "core/training/loop_state.hpp"
#include "core/training/optimizer.hpp"
#include "core/training/run_record.hpp"
#include "core/training/run_setup.hpp"
#include "core/training/run_watch.hpp"

namespace ember {

class TrainingRun {
public:
    /// `job` hears progress; wishes come through the watch.
    TrainingRun(RunSetup setup, RunWatch& watch, JobContext& job);
    ~TrainingRun();

    /// Throws NotFinite, DataChanged, NoSpace, CannotWrite and the errors of reading data.
    TrainResult run();

private:
    struct StepOutcome {
        double loss = 0, norm = 0;
        std::map<std::string, double> logged;
        std::int64_t cells = 0;
    };

    void begin();
    bool is_done(std::string& reason) const;
    bool step();
    StepOutcome gradients();
    void log_step(const StepOutcome& outcome, double lr);
    bool due_validation(bool end) const;
    bool run_validation();
    void save_what_is_due(bool end, bool validated, bool better);
    bool last_due(bool validated) const;
    void save(const std::vector<std::string>& names);
    void save_before_leaving();
    std::string doubt() const;
    [[noreturn]] void give_up(const std::string& doubt);
    void roll_back(SpikeGuard::Verdict verdict, const StepOutcome& outcome);
    void pause();
    void show();
    void open_stream();
    std::int64_t total_steps() const;
    TrainResult result(RunState state, const std::string& reason);

    RunSetup setup_;
    RunWatch& watch_;
    JobContext& job_;
    JobContext work_; ///< quiet, ends with the wish to stop
    BatchPlan plan_;
    Optimizer optimizer_;
    CheckpointStore store_;
    LoopState state_;
    std::unique_ptr<RunRecord> record_;
    std::unique_ptr<BatchStream> stream_;
    std::int64_t saved_step_ = -1;
    bool put_off_ = false;     ///< last.ckpt was due at a step that could not be trusted
    double saved_seconds_ = 0; ///< seconds_ at the last save
    bool began_finite_ = true; ///< no weight was NaN or infinite before the first step
    // measured since this process took over
    using Clock = std::chrono::steady_clock;
    std::int64_t timed_steps_ = 0, timed_cells_ = 0;
    double seconds_ = 0, waiting_ = 0;
    double logged_seconds_ = 0, logged_waiting_ = 0; ///< at the last row of the log
    std::int64_t logged_cells_ = 0;
    Clock::time_point flushed_;
    Clock::time_point started_;
    double paused_seconds_ = 0;
    std::int64_t first_step_ = 0;
};

} // namespace ember

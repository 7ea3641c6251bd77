#include "core/training/training_run.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>

#include "core/base/error.hpp"
#include "core/training/autograd.hpp"
#include "core/training/batch_tensors.hpp"
#include "core/training/training_loss.hpp"
#include "core/training/validation.hpp"

namespace ember {

namespace {

constexpr const char* remedy_of_divergence = "Lower training.lr (for example to a fifth) or "
                                             "training.gradient_clip_val (0.5), check the data for values "
                                             "that are no numbers, then resume";

constexpr double most_seconds_unsaved = 600; ///< of steps that a killed run may lose

/// Without a copy: minimum and maximum pass NaN on.
bool is_finite(const at::Tensor& values) {
    if (!values.defined() || values.numel() == 0) {
        return true;
    }
    const auto [least, most] = values.aminmax();
    return std::isfinite(least.item<double>()) && std::isfinite(most.item<double>());
}

bool weights_are_finite(TrainableNetwork& network) {
    const at::NoGradGuard no_gradients;
    const auto& parameters = network.parameters();
    return std::all_of(parameters.begin(), parameters.end(),
                       [](const NetworkParameter& parameter) { return is_finite(parameter.value); });
}

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

BatchPlan plan_of(const RunSetup& setup) {
    BatchPlan plan;
    plan.batches_per_epoch =
        std::max<std::int64_t>(1, static_cast<std::int64_t>(setup.data->summary(Split::train).batches));
    plan.accumulation = std::max<std::int64_t>(1, setup.settings.optimizer.accumulation);
    plan.val_batches = static_cast<std::int64_t>(setup.data->summary(Split::val).batches);
    return plan;
}

std::string numbered(std::int64_t step) {
    return "step=" + std::to_string(step);
}

std::string text_of(double value) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.4g", value);
    return text.data();
}

} // namespace

TrainingRun::TrainingRun(RunSetup setup, RunWatch& watch, JobContext& job)
    : setup_(std::move(setup)),
      watch_(watch),
      job_(job),
      work_(nullptr, watch.stop_token()),
      plan_(plan_of(setup_)),
      optimizer_(setup_.network->parameters(), setup_.settings.optimizer),
      store_(setup_.directory, *setup_.network, optimizer_, setup_.settings, plan_, setup_.hyper_parameters,
             setup_.data->fingerprint()) {}

TrainingRun::~TrainingRun() = default;

std::int64_t TrainingRun::total_steps() const {
    const LoopSettings& loop = setup_.settings.loop;
    return loop.max_epochs ? std::min(loop.max_steps, *loop.max_epochs * plan_.windows_per_epoch())
                           : loop.max_steps;
}

void TrainingRun::open_stream() {
    waiting_ += stream_ ? stream_->waiting_seconds() : 0;
    stream_.reset();
    stream_ = setup_.data->stream(Split::train, setup_.settings.loop.seed, plan_.first_batch(state_.window));
}

void TrainingRun::begin() {
    if (setup_.resume) {
        state_ = store_.restore(store_.file("last"));
        saved_step_ = state_.step;
    }
    began_finite_ = weights_are_finite(*setup_.network);
    record_ = std::make_unique<RunRecord>(setup_.directory, state_.step - 1, job_);
    for (const std::string& note : setup_.notes) {
        record_->info(note);
    }
    for (const std::string& warning : setup_.warnings) {
        record_->warn(warning);
    }
    for (const std::string& difference : store_.differences()) {
        record_->warn(difference);
    }
    if (!began_finite_) {
        record_->warn("Some weights are not numbers before the first step");
    }
    if (plan_.val_batches == 0) {
        record_->warn("No cells are held out for validation: there will be no best.ckpt");
    }
    record_->info(setup_.resume ? "Resumed at step " + std::to_string(state_.step) : "Started");
    if (!setup_.resume) {
        save({"last"}); // where a rollback before the first checkpoint goes
    }
    open_stream();
    job_.begin("Training", static_cast<std::uint64_t>(total_steps()), "steps");
    started_ = flushed_ = Clock::now();
    first_step_ = state_.step;
    watch_.update([&](RunStatus& status) {
        status.state = RunState::running;
        status.max_steps = total_steps();
        status.message = "Training";
        status.warnings = record_->warnings();
    });
}

bool TrainingRun::is_done(std::string& reason) const {
    const LoopSettings& loop = setup_.settings.loop;
    if (state_.step >= loop.max_steps) {
        reason = "All " + std::to_string(loop.max_steps) + " steps are done";
    } else if (loop.max_epochs && plan_.epoch_of(state_.window) >= *loop.max_epochs) {
        reason = "All " + std::to_string(*loop.max_epochs) + " epochs are done";
    } else if (loop.patience && state_.without_gain >= *loop.patience) {
        reason =
            "Early stop: no better validation loss in " + std::to_string(*loop.patience) + " validations";
    }
    return !reason.empty();
}

TrainResult TrainingRun::run() {
    begin();
    for (;;) {
        std::string reason;
        bool validated = false, better = false;
        try {
            bool end = is_done(reason);
            if (due_validation(end)) {
                const double before = state_.best_val_loss.value_or(INFINITY);
                validated = run_validation();
                better = state_.best_val_loss.value_or(INFINITY) < before;
                end = end || is_done(reason);
            }
            save_what_is_due(end, validated, better);
            if (end) {
                return result(RunState::finished, reason);
            }
            if (watch_.pause_wanted() && !watch_.stop_wanted() && !state_.guard.suspicious()) {
                pause();
            }
            work_.check_cancelled();
            step();
        } catch (const Cancelled&) {
            optimizer_.clear_gradients();
            save_before_leaving();
            return result(RunState::stopped,
                          "Stopped on request after step " + std::to_string(state_.step) +
                              (saved_step_ == state_.step ? ""
                                                          : "; it will go on from the checkpoint of step " +
                                                                std::to_string(saved_step_)));
        }
    }
}

TrainingRun::StepOutcome TrainingRun::gradients() {
    StepOutcome outcome;
    const TrainSettings& settings = setup_.settings;
    const std::int64_t batches = plan_.batches(state_.window);
    optimizer_.clear_gradients();
    for (std::int64_t micro = 0; micro < batches; ++micro) {
        auto batch = stream_->next(work_);
        const BatchTensors tensors =
            batch_tensors(*batch, setup_.perturbations, setup_.rows, setup_.network->config());
        DropoutKey key;
        // After a rollback the same step is tried with other cells, so with other masks too.
        key.seed = settings.loop.seed + static_cast<std::uint64_t>(state_.window - state_.step);
        key.step = static_cast<std::uint64_t>(state_.step);
        key.micro = static_cast<std::uint64_t>(micro);
        {
            const NetworkOutput output = setup_.network->forward(tensors.input, key, work_);
            const TrainingLoss loss = training_loss(*setup_.network, output, tensors.compared, settings.loss,
                                                    settings.velocity, key, work_);
            outcome.loss += loss.main / static_cast<double>(batches);
            for (const auto& [name, value] : loss.logged) {
                outcome.logged[name] += value / static_cast<double>(batches);
            }
            if (std::isfinite(loss.main)) {
                (plan_.accumulation > 1 ? loss.total.div(static_cast<double>(plan_.accumulation))
                                        : loss.total)
                    .backward();
            }
        }
        outcome.cells += batch->cells();
        stream_->recycle(std::move(batch));
        if (!std::isfinite(outcome.loss)) {
            return outcome;
        }
    }
    outcome.norm = optimizer_.gradient_norm();
    return outcome;
}

bool TrainingRun::step() {
    const Clock::time_point start = Clock::now();
    const StepOutcome outcome = gradients();
    const SpikeGuard::Verdict verdict = state_.guard.judge(outcome.loss, outcome.norm);
    if (verdict == SpikeGuard::Verdict::spike || verdict == SpikeGuard::Verdict::not_finite) {
        roll_back(verdict, outcome);
        return false;
    }
    const double lr = learning_rate(setup_.settings.optimizer, state_.step, total_steps());
    optimizer_.step(lr, outcome.norm);
    optimizer_.clear_gradients();
    ++state_.step;
    ++state_.window;
    state_.train_loss = outcome.loss;
    seconds_ += seconds_since(start);
    timed_cells_ += outcome.cells;
    ++timed_steps_;
    if (state_.step % std::max<std::int64_t>(1, setup_.settings.loop.log_every) == 0) {
        log_step(outcome, lr);
    }
    show();
    return true;
}

void TrainingRun::log_step(const StepOutcome& outcome, double lr) {
    MetricsRow row;
    row.step = state_.step - 1;
    row.epoch = plan_.epoch_of(state_.window - 1);
    row.values = outcome.logged;
    row.values["train_loss"] = outcome.loss;
    row.values["train/gradient_norm"] = outcome.norm;
    row.values["train/learning_rate"] = lr;
    const double waited = waiting_ + stream_->waiting_seconds();
    const double seconds = seconds_ - logged_seconds_;
    if (seconds > 0) {
        row.values["train/cells_per_second"] = static_cast<double>(timed_cells_ - logged_cells_) / seconds;
        row.values["train/waiting_share"] = (waited - logged_waiting_) / seconds;
    }
    logged_seconds_ = seconds_;
    logged_waiting_ = waited;
    logged_cells_ = timed_cells_;
    record_->add(row);
    if (seconds_since(flushed_) > 0.5) {
        record_->flush();
        flushed_ = Clock::now();
    }
}

bool TrainingRun::due_validation(bool end) const {
    const std::int64_t every = setup_.settings.loop.val_freq;
    return state_.step > 0 && state_.validated_step != state_.step && plan_.val_batches > 0 &&
           (end || (every > 0 && state_.step % every == 0));
}

bool TrainingRun::run_validation() {
    watch_.update([](RunStatus& status) { status.message = "Validating"; });
    const ValidationResult validation =
        validate({*setup_.network, *setup_.data, setup_.settings, setup_.perturbations, setup_.rows}, work_);
    MetricsRow row;
    row.step = state_.step - 1;
    row.epoch = plan_.epoch_of(state_.window - 1);
    row.values = validation.values;
    record_->add(row);
    const auto found = validation.values.find("val_loss");
    const double loss = found == validation.values.end() ? NAN : found->second;
    state_.take_validation(loss, setup_.settings.loop.min_delta);
    if (!std::isfinite(loss)) {
        record_->warn("The validation loss at step " + std::to_string(state_.step) + " is not a number");
    } else {
        record_->info("Step " + std::to_string(state_.step) + ": validation loss " + text_of(loss) +
                      (state_.train_loss ? ", training loss " + text_of(*state_.train_loss) : "") +
                      (state_.best_step == state_.step ? ", the best so far" : ""));
    }
    write_monitor(setup_.directory, validation.sample);
    watch_.update([](RunStatus& status) { status.message = "Training"; });
    show();
    return true;
}

/// Why the weights of this step should not replace good ones; empty when nothing speaks against them.
std::string TrainingRun::doubt() const {
    const std::string step = " at step " + std::to_string(state_.step);
    if (began_finite_ && !weights_are_finite(*setup_.network)) {
        return "Some weights are no longer numbers" + step;
    }
    // Where it never was a number, the validation cells are to blame.
    const bool measured = state_.validated_step == state_.step && state_.val_loss;
    if (measured && !std::isfinite(*state_.val_loss) && state_.best_val_loss) {
        return "The validation loss is no longer a number" + step;
    }
    return "";
}

bool TrainingRun::last_due(bool validated) const {
    const std::int64_t every = setup_.settings.loop.val_freq;
    return validated || put_off_ ||
           (saved_step_ != state_.step &&
            ((every > 0 && state_.step % every == 0) || seconds_ - saved_seconds_ > most_seconds_unsaved));
}

void TrainingRun::save_what_is_due(bool end, bool validated, bool better) {
    std::vector<std::string> names;
    const std::int64_t every = setup_.settings.loop.ckpt_every;
    const bool numbered_due = every > 0 && state_.step > 0 && state_.step % every == 0;
    if (numbered_due && !store_.has(numbered(state_.step))) {
        names.push_back(numbered(state_.step));
    }
    if (better) {
        names.emplace_back("best");
    }
    if (end) {
        names.emplace_back("final");
    }
    if (names.empty() && !last_due(validated)) {
        return;
    }
    const std::string why = doubt();
    if (end && !why.empty()) {
        give_up(why);
    }
    // A better validation loss than ever clears a step of suspicion; the next step judges any other.
    if (!why.empty() || (state_.guard.suspicious() && !better && !end)) {
        put_off_ = true;
        if (!why.empty()) {
            record_->warn(why + ": no checkpoint is written before the next good step");
        }
        return;
    }
    names.emplace_back("last");
    save(names);
}

void TrainingRun::save(const std::vector<std::string>& names) {
    record_->flush(); // rows of a step are there before its checkpoint
    store_.save(state_, names);
    saved_step_ = state_.step;
    saved_seconds_ = seconds_;
    put_off_ = false;
    watch_.update([&](RunStatus& status) { status.checkpoint_step = state_.step; });
}

void TrainingRun::save_before_leaving() {
    if (saved_step_ != state_.step && !state_.guard.suspicious() && doubt().empty()) {
        save({"last"});
    }
}

void TrainingRun::give_up(const std::string& doubt) {
    record_->flush();
    throw Error("NotFinite",
                doubt + ": final.ckpt is not written, last.ckpt is of step " + std::to_string(saved_step_),
                {setup_.directory.string(), "checkpoints/last.ckpt", {}}, remedy_of_divergence);
}

void TrainingRun::roll_back(SpikeGuard::Verdict verdict, const StepOutcome& outcome) {
    const std::int64_t bad_step = state_.step, bad_window = state_.window;
    const std::string what = verdict == SpikeGuard::Verdict::spike
                                 ? "The loss jumped to " + text_of(outcome.loss) + " at step "
                                 : std::string(std::isfinite(outcome.loss) ? "The gradient" : "The loss") +
                                       " is not a number at step ";
    const bool allowed = setup_.settings.loop.roll_back && state_.guard.may_roll_back(bad_window);
    optimizer_.clear_gradients();
    SpikeGuard guard = state_.guard;
    if (!allowed) {
        record_->flush();
        throw Error("NotFinite",
                    what + std::to_string(bad_step) +
                        (setup_.settings.loop.roll_back ? ", the fourth time within 1000 steps" : ""),
                    {setup_.directory.string(), "checkpoints/last.ckpt", {}}, remedy_of_divergence);
    }
    state_ = store_.restore(store_.file("last"));
    saved_step_ = state_.step;
    saved_seconds_ = seconds_;
    put_off_ = false;
    guard.restore_losses(state_.guard);
    guard.rolled_back(bad_window);
    state_.guard = guard;
    state_.window = bad_window + 1;
    record_->rewind(state_.step - 1);
    MetricsRow row;
    row.step = state_.step;
    row.epoch = plan_.epoch_of(state_.window);
    row.values["train/rollbacks"] = guard.rollbacks();
    record_->add(row);
    record_->flush();
    record_->warn(what + std::to_string(bad_step) + ": went back to the checkpoint of step " +
                  std::to_string(state_.step) + " and on with other cells");
    open_stream();
    watch_.update([&](RunStatus& status) {
        status.rollbacks = guard.rollbacks();
        status.warnings = record_->warnings();
        status.message = "Went back to step " + std::to_string(state_.step);
    });
    show();
}

void TrainingRun::pause() {
    save_before_leaving();
    record_->flush();
    const Clock::time_point start = Clock::now();
    record_->info("Paused after step " + std::to_string(state_.step));
    watch_.update([](RunStatus& status) {
        status.state = RunState::paused;
        status.message = "Paused";
    });
    watch_.wait_while_paused();
    paused_seconds_ += seconds_since(start);
    work_.check_cancelled();
    record_->info("Goes on");
    watch_.update([](RunStatus& status) {
        status.state = RunState::running;
        status.message = "Training";
    });
}

void TrainingRun::show() {
    job_.advance_to(static_cast<std::uint64_t>(state_.step));
    const double lasted = seconds_since(started_) - paused_seconds_;
    watch_.update([&](RunStatus& status) {
        status.step = state_.step;
        status.epoch = plan_.epoch_of(state_.window);
        status.train_loss = state_.train_loss;
        status.val_loss = state_.val_loss;
        status.best_val_loss = state_.best_val_loss;
        status.best_step = state_.best_step;
        if (timed_steps_ > 0 && lasted > 0) {
            const auto done = static_cast<double>(timed_steps_);
            status.steps_per_second = done / seconds_;
            status.cells_per_second = static_cast<double>(timed_cells_) / seconds_;
            status.seconds_left = static_cast<double>(total_steps() - state_.step) * lasted / done;
            status.waiting_share = (waiting_ + stream_->waiting_seconds()) / seconds_;
        }
    });
}

TrainResult TrainingRun::result(RunState state, const std::string& reason) {
    record_->info(reason);
    record_->flush();
    TrainResult result;
    result.run_directory = setup_.directory;
    result.state = state;
    result.steps = state_.step;
    result.epochs = plan_.epoch_of(state_.window);
    result.train_loss = state_.train_loss;
    result.val_loss = state_.val_loss;
    result.best_val_loss = state_.best_val_loss;
    result.best_step = state_.best_step;
    result.reason = reason;
    result.seconds = seconds_;
    result.waiting_seconds = waiting_ + (stream_ ? stream_->waiting_seconds() : 0);
    result.warnings = record_->warnings();
    return result;
}

} // namespace ember

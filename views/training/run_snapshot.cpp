#include "views/training/run_snapshot.hpp"

#include <algorithm>
#include <utility>

#include "core/base/error.hpp"
#include "core/run/yaml_config.hpp"

namespace ember {

namespace {

namespace fs = std::filesystem;

const std::string rollback_column = "train/rollbacks"; // a row each time, at the step it went back to

/// 0 when it is not there.
std::int64_t time_of(const fs::path& file) {
    std::error_code none;
    const auto time = fs::last_write_time(file, none);
    return none ? 0 : static_cast<std::int64_t>(time.time_since_epoch().count());
}

const RunCurve* validation_loss(const RunSnapshot& run) {
    return run.curve("val_loss");
}

} // namespace

const RunCurve* RunSnapshot::curve(const std::string& column) const {
    const auto found = curves.find(column);
    return found == curves.end() || found->second.step->empty() ? nullptr : &found->second;
}

RunState RunSnapshot::state() const {
    return status ? status->state : RunState::finished;
}

bool RunSnapshot::interrupted() const {
    return status && status->state == RunState::failed && status->error_class == "Interrupted";
}

bool RunSnapshot::active() const {
    if (!status) {
        return false;
    }
    switch (status->state) {
    case RunState::queued:
    case RunState::preparing:
    case RunState::running:
    case RunState::paused:
    case RunState::stopping:
        return true;
    default:
        return false;
    }
}

std::int64_t RunSnapshot::step() const {
    if (status) {
        return status->step;
    }
    double last = -1;
    for (const auto& [column, curve] : curves) {
        if (!curve.step->empty()) {
            last = std::max(last, curve.step->back());
        }
    }
    return static_cast<std::int64_t>(last) + 1; // steps in metrics.csv count from zero
}

std::int64_t RunSnapshot::max_steps() const {
    if (status && status->max_steps > 0) {
        return status->max_steps;
    }
    try {
        return config.at("training").at("max_steps").get<std::int64_t>();
    } catch (const nlohmann::json::exception&) {
        return 0;
    }
}

std::optional<double> RunSnapshot::best_loss() const {
    if (status && status->best_val_loss) {
        return status->best_val_loss;
    }
    const RunCurve* loss = validation_loss(*this);
    if (loss == nullptr) {
        return std::nullopt;
    }
    return *std::min_element(loss->value->begin(), loss->value->end());
}

std::optional<double> RunSnapshot::best_step() const {
    const RunCurve* loss = validation_loss(*this);
    if (loss == nullptr) {
        return std::nullopt;
    }
    const auto best = std::min_element(loss->value->begin(), loss->value->end());
    return (*loss->step)[static_cast<std::size_t>(best - loss->value->begin())];
}

std::uint64_t RunSnapshot::checkpoint_bytes() const {
    std::uint64_t bytes = 0;
    for (const CheckpointFile& file : checkpoints) {
        bytes += file.bytes;
    }
    return bytes;
}

RunReader::RunReader(fs::path directory) : directory_(std::move(directory)) {}

bool RunReader::exists() const {
    std::error_code none;
    return fs::is_directory(directory_, none);
}

RunSnapshotPtr RunReader::look() {
    if (!exists()) {
        return nullptr;
    }
    auto now = latest_ ? std::make_shared<RunSnapshot>(*latest_) : std::make_shared<RunSnapshot>();
    now->path = directory_;
    now->problem.clear();
    bool changed = latest_ == nullptr;
    const auto part = [&](bool (RunReader::*look_at)(RunSnapshot&)) {
        try {
            changed = (this->*look_at)(*now) || changed;
        } catch (const std::exception& error) { // half-written or damaged: said, and looked at again
            now->problem = error.what();
        }
    };
    part(&RunReader::look_at_status);
    part(&RunReader::look_at_config);
    part(&RunReader::look_at_metrics);
    part(&RunReader::look_at_checkpoints);
    part(&RunReader::look_at_monitor);
    now->name =
        now->status && !now->status->name.empty() ? now->status->name : directory_.filename().string();
    if (!changed && latest_->problem == now->problem) {
        return nullptr;
    }
    latest_ = now;
    return latest_;
}

bool RunReader::look_at_status(RunSnapshot& now) {
    now.status = read_run_status(directory_);
    std::string seen;
    if (now.status) {
        const RunStatus& status = *now.status;
        seen = std::to_string(static_cast<int>(status.state)) + status.updated + status.error_class +
               status.message + std::to_string(status.step);
    }
    return std::exchange(seen_status_, seen) != seen;
}

bool RunReader::look_at_config(RunSnapshot& now) {
    const std::int64_t time = time_of(directory_ / "config.yaml");
    if (time == std::exchange(seen_config_, time)) {
        return false;
    }
    now.config = nlohmann::json();
    if (time != 0) {
        now.config = read_yaml(directory_ / "config.yaml");
    }
    return true;
}

bool RunReader::look_at_metrics(RunSnapshot& now) {
    const fs::path file = directory_ / "version_0" / "metrics.csv";
    if (time_of(file) == 0) {
        return false;
    }
    const std::vector<MetricsRow> rows = read_metrics(file, tail_);
    if (tail_.restarted) {
        growing_.clear();
        now.curves.clear();
        now.rollbacks.clear();
    }
    if (rows.empty()) {
        return tail_.restarted;
    }
    std::map<std::string, bool> touched;
    for (const MetricsRow& row : rows) {
        for (const auto& [column, value] : row.values) {
            Growing& curve = growing_[column];
            const auto step = static_cast<double>(row.step);
            if (!curve.step.empty() && step <= curve.step.back()) { // went back: those steps are done again
                const auto keep = std::lower_bound(curve.step.begin(), curve.step.end(), step);
                curve.value.resize(static_cast<std::size_t>(keep - curve.step.begin()));
                curve.step.resize(curve.value.size());
            }
            curve.step.push_back(step);
            curve.value.push_back(value);
            touched[column] = true;
        }
    }
    now.rollbacks = growing_[rollback_column].step;
    for (const auto& [column, any] : touched) {
        now.curves[column] = {std::make_shared<const std::vector<double>>(growing_[column].step),
                              std::make_shared<const std::vector<double>>(growing_[column].value)};
    }
    return true;
}

bool RunReader::look_at_checkpoints(RunSnapshot& now) {
    const std::int64_t time = time_of(directory_ / "checkpoints") + time_of(directory_);
    if (time == std::exchange(seen_checkpoints_, time)) {
        return false;
    }
    now.checkpoints = list_checkpoints(directory_);
    return true;
}

bool RunReader::look_at_monitor(RunSnapshot& now) {
    const std::int64_t time = time_of(directory_ / "monitor" / "predicted.npy");
    return std::exchange(now.monitor_time, time) != time;
}

} // namespace ember

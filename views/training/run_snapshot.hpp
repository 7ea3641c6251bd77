#pragma once
// What the files of one run directory say, as plain values; no Qt.

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/run/metrics_log.hpp"
#include "core/run/prune.hpp"
#include "core/run/run_status.hpp"

namespace ember {

/// One column of metrics.csv, without its empty cells.
struct RunCurve {
    std::shared_ptr<const std::vector<double>> step, value; ///< [points], steps ascending
};

/// A run at one moment. Snapshots share what has not changed.
struct RunSnapshot {
    std::filesystem::path path;
    std::string name;
    std::optional<RunStatus> status; ///< none: a run of another program
    std::map<std::string, RunCurve> curves;
    std::vector<double> rollbacks; ///< steps that training went back to
    std::vector<CheckpointFile> checkpoints;
    nlohmann::json config;         ///< config.yaml; null when it cannot be read
    std::int64_t monitor_time = 0; ///< when monitor/predicted.npy was written; 0: there is none
    std::string problem;           ///< why something cannot be read
    bool gone = false;             ///< the directory is not there any more; the rest is what it was

    const RunCurve* curve(const std::string& column) const;
    RunState state() const;
    bool interrupted() const; ///< its process is gone without a word
    bool active() const;      ///< its process lives: it trains, waits or pauses
    std::int64_t step() const;
    std::int64_t max_steps() const;          ///< 0: unknown
    std::optional<double> best_loss() const; ///< of validation
    std::optional<double> best_step() const; ///< of best_loss()
    std::uint64_t checkpoint_bytes() const;
};

using RunSnapshotPtr = std::shared_ptr<const RunSnapshot>;

/// Follows one run directory: each look reads only what is new.
class RunReader {
public:
    explicit RunReader(std::filesystem::path directory);
    /// Looks once; null when nothing has changed or there is no directory. Throws nothing: what cannot be
    /// read is the snapshot's problem.
    RunSnapshotPtr look();
    const RunSnapshotPtr& latest() const { return latest_; }
    bool exists() const; ///< the directory

private:
    bool look_at_status(RunSnapshot& now);
    bool look_at_metrics(RunSnapshot& now);
    bool look_at_checkpoints(RunSnapshot& now);
    bool look_at_monitor(RunSnapshot& now);
    bool look_at_config(RunSnapshot& now);

    struct Growing {
        std::vector<double> step, value;
    };
    std::filesystem::path directory_;
    RunSnapshotPtr latest_;
    MetricsTail tail_;
    std::map<std::string, Growing> growing_;
    std::string seen_status_;
    std::int64_t seen_config_ = -1, seen_checkpoints_ = -1;
};

} // namespace ember

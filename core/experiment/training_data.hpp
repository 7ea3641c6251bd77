#pragma once
// The cells of a run, and the batches of sets that a network is trained on (cell-load 0.10.4's sets and
// pairing).

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/base/job.hpp"
#include "core/experiment/split_file.hpp"
#include "core/experiment/train_settings.hpp"
#include "core/run/run_directory.hpp"

namespace ember {

/// Sets of `set_len` cells each, one set after the other; cells = sets · set_len.
struct TrainingBatch {
    std::int64_t sets = 0, set_len = 0;
    std::vector<float> basal;            ///< [cells × D] the paired control cells
    std::vector<float> target;           ///< [cells × D] the observed cells
    std::vector<std::int32_t> pert;      ///< [cells] row of perturbations()
    std::vector<std::int32_t> batch;     ///< [cells] row of batches()
    std::vector<float> counts;           ///< [cells × G] target of the gene decoder, or empty
    std::vector<float> velocity;         ///< [cells × D] velocity of the control cell, or empty
    std::vector<float> confidence;       ///< [cells] of that velocity, or empty
    std::vector<std::int32_t> cell_type; ///< [sets] row of cell_types()
    std::vector<std::uint64_t> target_cells,
        control_cells; ///< [cells] global cell numbers (file order), for records
    std::int64_t cells() const { return sets * set_len; }
};

/// What a split holds.
struct SplitSummary {
    std::uint64_t cells = 0, sets = 0, batches = 0; ///< batches per epoch
    std::uint64_t groups = 0;                       ///< (batch,) cell type and perturbation
    std::uint64_t smallest_group = 0;               ///< cells
    std::string smallest_group_name;                ///< "Mac, Burn"
};

/// Batches of one split in order: a pure function of the seed and the batch's number, so that a run goes on
/// from any step without any state but that number. Reads ahead on a thread of its own; not thread-safe
/// itself.
class BatchStream {
public:
    virtual ~BatchStream();
    /// The next batch. Throws Cancelled and the errors of reading; after the last batch of the last epoch it
    /// goes on with the next epoch.
    virtual std::unique_ptr<TrainingBatch> next(JobContext& job) = 0;
    /// Gives a batch's memory back for another.
    virtual void recycle(std::unique_ptr<TrainingBatch> batch) = 0;
    virtual std::int64_t position() const = 0;  ///< batches handed out since the run's start
    virtual double waiting_seconds() const = 0; ///< that next() waited for the reader
};

/// The opened cells. Labels are sorted and unique over all files and categories, unused ones included.
class TrainingData {
public:
    /// Opens the files, reads labels, divides cells and checks everything that can be checked before the
    /// first step. Throws UnknownControl, MissingMember (column, obsm key), ShapeMismatch (files of different
    /// width or genes), BadSplit (a cell type or perturbation that no file has, nothing to train on),
    /// TooFewCells, NoMemory, NoSpace: each names the file, the key and the remedy.
    static std::shared_ptr<const TrainingData> open(const DataSettings& settings, const LoopSettings& loop,
                                                    std::int64_t set_len, JobContext& job);
    virtual ~TrainingData();

    virtual std::int64_t width() const = 0;        ///< D, features of a cell
    virtual std::int64_t counts_width() const = 0; ///< G, 0: no target of a gene decoder
    virtual const std::vector<std::string>&
    genes() const = 0;                                 ///< gene names as arc-state's var_dims holds them
    virtual const LabelMap& perturbations() const = 0; ///< one-hot or features
    virtual const LabelMap& batches() const = 0;
    virtual const LabelMap& cell_types() const = 0;
    virtual std::int64_t control() const = 0;            ///< row of perturbations()
    virtual SplitSummary summary(Split split) const = 0; ///< val falls back to test when there is no val
    virtual std::uint64_t cells() const = 0;
    virtual std::uint64_t resident_bytes() const = 0; ///< kept in memory while training
    virtual std::vector<std::string> warnings() const = 0;

    /// Batches from number `first` on. Training sets are filled by resampling.
    virtual std::unique_ptr<BatchStream> stream(Split split, std::uint64_t seed,
                                                std::int64_t first) const = 0;
};

using TrainingDataPtr = std::shared_ptr<const TrainingData>;

} // namespace ember

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
#include "core/experiment/training_faults.hpp"
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

/// What decides which cells stand in which set, 16 hexadecimal digits each. A run that goes on with other
/// ones sees other batches than it would have seen.
struct DataFingerprint {
    std::string cells;   ///< labels, and the groups of each split
    std::string sets;    ///< sizes of sets and batches, and how groups are cut
    std::string reading; ///< windows and the controls kept; may differ with the machine's memory
    bool operator==(const DataFingerprint&) const = default;
};

/// How far the opening of data goes.
enum class DataDepth {
    labels, ///< labels, and a sample of rows: for checks and estimates; gives no streams
    cells,  ///< all that is kept in memory is read
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
    /// width, or genes that differ in name or order: nothing is reordered), BadSplit (a cell type or
    /// perturbation that no file has, nothing to train on), TooFewCells, BadValue (a value that is no
    /// number), NoMemory, NoSpace: each names the file, the key and the remedy.
    ///
    /// Cells that fit `memory_bytes` are read once and kept, dense or sparse. Others are read while training:
    /// rows that lie together in the file directly, others from an uncompressed copy that is made once
    /// (core/experiment/row_cache.hpp). The batches are the same bytes either way. Where that copy would be
    /// larger than its limit, or with shuffle=windows, cells are mixed within windows of chunks instead: a
    /// set is cut from few windows, and controls are drawn from a random part of each pool that is kept in
    /// memory. `reading()` says which it is; a run that goes on needs the same settings.
    static std::shared_ptr<const TrainingData> open(const DataSettings& settings, const LoopSettings& loop,
                                                    std::int64_t set_len, JobContext& job,
                                                    DataDepth depth = DataDepth::cells);
    /// The same, every fault collected instead of the first thrown; null when there is one.
    static std::shared_ptr<const TrainingData> open(const DataSettings& settings, const LoopSettings& loop,
                                                    std::int64_t set_len, JobContext& job, DataDepth depth,
                                                    TrainingFaults& faults);
    virtual ~TrainingData();

    virtual std::int64_t width() const = 0;        ///< D, features of a cell
    virtual std::int64_t counts_width() const = 0; ///< G, 0: no target of a gene decoder
    virtual const std::vector<std::string>&
    genes() const = 0;                           ///< gene names as arc-state's var_dims holds them
    virtual std::int64_t gene_count() const = 0; ///< genes of the files (var_dims' gene_dim)
    virtual std::int64_t hvg_width() const = 0;  ///< columns of obsm X_hvg, without it gene_count() (hvg_dim)
    virtual const LabelMap& perturbations() const = 0; ///< one-hot or features
    virtual const LabelMap& batches() const = 0;
    virtual const LabelMap& cell_types() const = 0;
    virtual std::int64_t control() const = 0;            ///< row of perturbations()
    virtual SplitSummary summary(Split split) const = 0; ///< val falls back to test when there is no val
    virtual std::uint64_t cells() const = 0;
    virtual std::uint64_t resident_bytes() const = 0; ///< kept in memory while training (or estimated)
    virtual std::uint64_t disk_bytes() const = 0;     ///< of copies for fast reading that are yet to be made
    virtual std::string reading() const = 0;          ///< "memory", "file", "row cache" or "chunk windows"
    virtual std::vector<std::string> warnings() const = 0;
    virtual DataFingerprint fingerprint() const = 0;

    /// Batches from number `first` on. Training sets are filled by resampling.
    virtual std::unique_ptr<BatchStream> stream(Split split, std::uint64_t seed,
                                                std::int64_t first) const = 0;
};

using TrainingDataPtr = std::shared_ptr<const TrainingData>;

} // namespace ember

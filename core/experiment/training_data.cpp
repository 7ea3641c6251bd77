#include "core/experiment/training_data.hpp"

#include <algorithm>
#include <iomanip>
#include <numeric>
#include <sstream>

#include "core/experiment/batch_maker.hpp"
#include "core/experiment/batch_stream.hpp"
#include "core/experiment/control_reservoir.hpp"
#include "core/experiment/counter_random.hpp"
#include "core/experiment/label_vectors.hpp"
#include "core/experiment/row_choice.hpp"
#include "core/experiment/training_genes.hpp"
#include "core/experiment/training_matrices.hpp"

namespace ember {

TrainingData::~TrainingData() = default;

namespace {

/// A checksum that tells lists of numbers apart, their ends too.
class NumberSum {
public:
    template<class Numbers>
    void add(const Numbers& numbers) {
        sum_ = CounterRandom::mix(sum_ ^ numbers.size());
        for (const auto number : numbers) {
            sum_ = CounterRandom::mix(sum_ ^ static_cast<std::uint64_t>(number));
        }
    }
    std::string text() const {
        std::ostringstream text;
        text << std::hex << std::setw(16) << std::setfill('0') << sum_;
        return text.str();
    }

private:
    std::uint64_t sum_ = 0;
};

class CellsOfRun final : public TrainingData, public std::enable_shared_from_this<CellsOfRun> {
public:
    CellsOfRun(const DataSettings& settings, const LoopSettings& loop, std::int64_t set_len)
        : settings_(settings), loop_(loop), set_len_(set_len) {}

    void read_labels(TrainingFaults& faults, JobContext& job);
    void read_cells(DataDepth depth, TrainingFaults& faults, JobContext& job);

    std::int64_t width() const override { return matrices_.cells.width(); }
    std::int64_t counts_width() const override { return matrices_.counts ? matrices_.counts->width() : 0; }
    const std::vector<std::string>& genes() const override { return genes_; }
    std::int64_t gene_count() const override { return matrices_.gene_count; }
    std::int64_t hvg_width() const override { return matrices_.hvg_width; }
    const LabelMap& perturbations() const override { return perturbations_; }
    const LabelMap& batches() const override { return batches_; }
    const LabelMap& cell_types() const override { return cell_types_; }
    std::int64_t control() const override { return control_; }
    SplitSummary summary(Split split) const override;
    std::uint64_t cells() const override { return cells_.cells(); }
    std::uint64_t resident_bytes() const override { return resident_bytes_; }
    std::uint64_t disk_bytes() const override { return disk_bytes_; }
    std::string reading() const override { return to_string(place_); }
    std::vector<std::string> warnings() const override { return warnings_; }
    DataFingerprint fingerprint() const override;
    std::unique_ptr<BatchStream> stream(Split split, std::uint64_t seed, std::int64_t first) const override;

private:
    void make_maps(TrainingFaults& faults);
    void check_settings(TrainingFaults& faults) const;
    void tell_small_groups();
    std::vector<bool> used_cells(bool targets, bool controls) const;
    CellRowsPtr open(const RowSource& source, const std::vector<bool>& used, std::uint64_t& budget,
                     const DataSettings& settings, DataDepth depth, SeenValues& range, RowPlace& place,
                     JobContext& job);
    void open_with_windows(std::uint64_t budget, DataDepth depth, SeenValues& range, JobContext& job);
    SetPlanSettings plan_settings(Split split, std::uint64_t seed) const;

    DataSettings settings_;
    LoopSettings loop_;
    std::int64_t set_len_;
    RunCells cells_;
    DividedCells divided_;
    std::vector<std::string> genes_, warnings_;
    LabelMap perturbations_, batches_, cell_types_;
    std::int64_t control_ = -1;
    TrainingMatrices matrices_;
    RunRows rows_;
    RowPlace place_ = RowPlace::memory;
    std::shared_ptr<const RowWindows> windows_;
    std::uint64_t resident_bytes_ = 0, disk_bytes_ = 0;
};

void CellsOfRun::check_settings(TrainingFaults& faults) const {
    const auto refuse = [&](const std::string& option, const std::string& message,
                            const std::string& remedy) {
        faults.add(option, Error("BadConfig", message, {"", option, {}}, remedy));
    };
    if (set_len_ < 1) {
        refuse("model.kwargs.cell_set_len", "A set holds at least one cell", "Use 256, for example");
    }
    if (loop_.batch_sets < 1) {
        refuse("training.batch_size", "A batch holds at least one set", "Use 1 or more");
    }
    if (settings_.downsample_cells && *settings_.downsample_cells < 1) {
        refuse("data.kwargs.downsample_cells", "A group keeps at least one cell", "Use 1 or more, or null");
    }
    if (!(settings_.val_subsample_fraction > 0 && settings_.val_subsample_fraction <= 1)) {
        refuse("data.kwargs.val_subsample_fraction", "The share is not above 0 and at most 1",
               "Use 1 for all");
    }
}

void CellsOfRun::read_labels(TrainingFaults& faults, JobContext& job) {
    check_settings(faults);
    SplitPlan plan;
    const bool from_file = !settings_.split_file.empty();
    faults.collect(from_file ? "data.kwargs.toml_config_path" : "data.kwargs.files", [&] {
        plan = from_file ? read_split_file(settings_.split_file) : split_of_files(settings_.files);
    });
    if (!faults.empty()) {
        return;
    }
    cells_ = label_cells(plan, settings_, faults, warnings_, job);
    if (cells_.files.empty()) {
        return;
    }
    matrices_ = open_matrices(cells_, settings_, faults, warnings_, job);
    genes_ = common_gene_names(cells_, settings_, faults, job);
    if (!faults.empty()) {
        return;
    }
    divided_ = divide_cells(plan, settings_, cells_, faults, warnings_, job);
    make_maps(faults);
    tell_small_groups();
}

void CellsOfRun::make_maps(TrainingFaults& faults) {
    batches_ = one_hot_map(cells_.batches);
    cell_types_ = one_hot_map(cells_.cell_types);
    const std::string control = cells_.perturbations[static_cast<std::size_t>(cells_.control)];
    if (settings_.perturbation_features.empty()) {
        perturbations_ = one_hot_map(cells_.perturbations);
    } else if (!faults.collect("data.kwargs.perturbation_features_file", [&] {
                   perturbations_ =
                       feature_map(settings_.perturbation_features, cells_.perturbations, warnings_);
               })) {
        return;
    } else {
        // The map has an order of its own.
        for (std::int32_t& label : cells_.perturbation) {
            if (label >= 0) {
                label = static_cast<std::int32_t>(
                    *perturbations_.find(cells_.perturbations[static_cast<std::size_t>(label)]));
            }
        }
    }
    control_ = static_cast<std::int64_t>(*perturbations_.find(control));
}

void CellsOfRun::tell_small_groups() {
    constexpr std::uint64_t few = 10;
    const auto& groups = divided_.of(Split::train).groups;
    const auto small =
        std::count_if(groups.begin(), groups.end(), [](const CellGroup& group) { return group.count < few; });
    const SplitSummary split = summary(Split::train);
    if (small > 0) {
        warnings_.push_back(
            std::to_string(small) + " of " + std::to_string(groups.size()) +
            " training groups have fewer than 10 cells (the smallest: " + split.smallest_group_name + ", " +
            std::to_string(split.smallest_group) + "); their sets repeat them");
    }
    if (divided_.val_is_test) {
        warnings_.push_back("The split has no validation cells: its test cells validate");
    } else if (divided_.of(Split::val).groups.empty()) {
        warnings_.push_back("The split has neither validation nor test cells: nothing tells when to stop");
    }
}

std::vector<bool> CellsOfRun::used_cells(bool targets, bool controls) const {
    std::vector<bool> used(cells_.cells(), false);
    for (const SplitCells& split : divided_.splits) {
        for (const std::uint32_t cell : split.cells) {
            used[cell] = used[cell] || targets;
        }
    }
    for (const auto& pool : divided_.pools) {
        for (const std::uint32_t cell : pool) {
            used[cell] = used[cell] || controls;
        }
    }
    return used;
}

CellRowsPtr CellsOfRun::open(const RowSource& source, const std::vector<bool>& used, std::uint64_t& budget,
                             const DataSettings& settings, DataDepth depth, SeenValues& range,
                             RowPlace& place, JobContext& job) {
    RowChoice choice = choose_rows(cells_, source, used, budget, settings, job);
    CellRowsPtr rows;
    if (depth == DataDepth::cells) {
        rows = open_rows(cells_, source, used, budget, settings, choice, range, job);
    } else {
        sample_values(cells_, source, range, job);
    }
    place = choice.place;
    resident_bytes_ += choice.resident_bytes;
    disk_bytes_ += choice.disk_bytes;
    budget -= std::min(budget, choice.resident_bytes);
    return rows;
}

void CellsOfRun::open_with_windows(std::uint64_t budget, DataDepth depth, SeenValues& range,
                                   JobContext& job) {
    std::uint64_t per_control = static_cast<std::uint64_t>(width()) * sizeof(float);
    per_control *= matrices_.velocity ? 2 : 1;
    thin_pools(divided_, loop_.seed, budget / 2 / per_control, warnings_);
    windows_ = chunk_windows(cells_, matrices_.cells);
    SeenValues ignored;
    const std::vector<bool> controls = used_cells(false, true);
    const std::uint64_t unlimited = ~std::uint64_t{0} / 2; // the pools were thinned to fit
    if (depth == DataDepth::cells) {
        rows_.controls = keep_rows(cells_, matrices_.cells, controls, unlimited, ignored, job);
        resident_bytes_ += rows_.controls->resident_bytes();
        if (matrices_.velocity) {
            rows_.velocity = keep_rows(cells_, *matrices_.velocity, controls, unlimited, ignored, job);
            resident_bytes_ += rows_.velocity->resident_bytes();
        }
        const std::uint64_t rest = budget / 2 / (matrices_.counts ? 2 : 1);
        rows_.targets = windowed_rows(cells_, matrices_.cells, windows_, rest);
        sample_values(cells_, matrices_.cells, range, job);
        if (matrices_.counts) {
            rows_.counts =
                windowed_rows(cells_, *matrices_.counts, chunk_windows(cells_, *matrices_.counts), rest);
        }
    }
    resident_bytes_ = std::max(resident_bytes_, budget);
}

void CellsOfRun::read_cells(DataDepth depth, TrainingFaults& faults, JobContext& job) {
    SeenValues range, ignored;
    std::uint64_t budget = memory_budget(settings_);
    faults.collect("data.kwargs.memory_bytes", [&] {
        const std::vector<bool> used = used_cells(true, true);
        const RowChoice choice = choose_rows(cells_, matrices_.cells, used, budget, settings_, job);
        place_ = choice.place;
        if (place_ == RowPlace::windows) {
            open_with_windows(budget, depth, range, job);
            return;
        }
        DataSettings fully = settings_; // one plan for all matrices
        fully.shuffle = CellShuffle::full;
        RowPlace place = place_;
        rows_.targets = open(matrices_.cells, used, budget, fully, depth, range, place_, job);
        rows_.controls = rows_.targets;
        if (matrices_.counts) {
            rows_.counts =
                open(*matrices_.counts, used_cells(true, false), budget, fully, depth, ignored, place, job);
        }
        if (matrices_.velocity) {
            rows_.velocity =
                open(*matrices_.velocity, used_cells(false, true), budget, fully, depth, ignored, place, job);
        }
    });
    rows_.confidence = matrices_.confidence;
    rows_.downsample = settings_.downsample.value_or(1);
    rows_.downsample_cells = matrices_.downsample_cells;
    rows_.downsample_counts = matrices_.downsample_counts;
    judge_values(range, settings_, warnings_);
}

SplitSummary CellsOfRun::summary(Split split) const {
    const SplitCells& cells = divided_.of(split);
    SplitSummary summary;
    summary.cells = cells.cells.size();
    summary.groups = cells.groups.size();
    summary.sets = count_sets(cells, set_len_, settings_.downsample_cells);
    const auto many = static_cast<std::uint64_t>(loop_.batch_sets);
    summary.batches = (summary.sets + many - 1) / many;
    for (const CellGroup& group : cells.groups) {
        if (summary.smallest_group == 0 || group.count < summary.smallest_group) {
            summary.smallest_group = group.count;
            summary.smallest_group_name = group_name(group, cells_);
        }
    }
    return summary;
}

DataFingerprint CellsOfRun::fingerprint() const {
    NumberSum cells, sets, reading;
    for (const LabelMap* const map : {&perturbations_, &cell_types_, &batches_}) {
        for (const std::string& label : map->labels) {
            cells.add(label);
        }
    }
    cells.add(cells_.perturbation);
    cells.add(cells_.cell_type);
    cells.add(cells_.batch);
    cells.add(std::vector<std::int64_t>{control_});
    for (const SplitCells& split : divided_.splits) {
        cells.add(split.cells);
        for (const CellGroup& group : split.groups) {
            cells.add(std::vector<std::uint64_t>{group.first, group.count, group.pool});
        }
    }
    sets.add(std::vector<std::int64_t>{set_len_, loop_.batch_sets, settings_.downsample_cells.value_or(0),
                                       settings_.reshuffle ? 1 : 0});
    for (const auto& pool : divided_.pools) {
        reading.add(pool);
    }
    reading.add(windows_ ? windows_->starts : std::vector<std::uint32_t>());
    return {cells.text(), sets.text(), reading.text()};
}

SetPlanSettings CellsOfRun::plan_settings(Split split, std::uint64_t seed) const {
    SetPlanSettings plan;
    plan.seed = seed;
    plan.split = split;
    plan.set_len = set_len_;
    plan.batch_sets = loop_.batch_sets;
    plan.downsample_cells = settings_.downsample_cells;
    plan.reshuffle = settings_.reshuffle;
    plan.windows = windows_;
    return plan;
}

std::unique_ptr<BatchStream> CellsOfRun::stream(Split split, std::uint64_t seed, std::int64_t first) const {
    if (!rows_.targets) {
        throw UsageError("The data was opened for its labels only");
    }
    if (divided_.of(split).groups.empty()) {
        throw UsageError("The split has no cells in this part");
    }
    const SetPlanSettings settings = plan_settings(split, seed);
    const auto self = shared_from_this();
    const auto plan = std::make_shared<SetPlan>(self->divided_, settings);
    const BatchMaker make = [self, plan, settings](std::int64_t number, TrainingBatch& batch,
                                                   JobContext& job) {
        const PlannedBatch planned = plan->batch(static_cast<std::uint64_t>(number));
        fill_batch(planned, self->cells_, self->divided_, settings, number, self->rows_, batch, job);
    };
    return prefetching_stream(make, first, settings_.prefetch);
}

} // namespace

std::shared_ptr<const TrainingData> TrainingData::open(const DataSettings& settings, const LoopSettings& loop,
                                                       std::int64_t set_len, JobContext& job, DataDepth depth,
                                                       TrainingFaults& faults) {
    const auto data = std::make_shared<CellsOfRun>(settings, loop, set_len);
    data->read_labels(faults, job);
    if (faults.empty()) {
        data->read_cells(depth, faults, job);
    }
    return faults.empty() ? data : nullptr;
}

std::shared_ptr<const TrainingData> TrainingData::open(const DataSettings& settings, const LoopSettings& loop,
                                                       std::int64_t set_len, JobContext& job,
                                                       DataDepth depth) {
    TrainingFaults faults;
    auto data = open(settings, loop, set_len, job, depth, faults);
    faults.throw_first();
    return data;
}

} // namespace ember

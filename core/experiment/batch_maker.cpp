#include "core/experiment/batch_maker.hpp"

#include "core/experiment/count_sampling.hpp"

namespace ember {

namespace {

enum Purpose : std::uint64_t { target_counts = 101, control_counts, decoder_counts };

void read(const CellRowsPtr& rows, std::span<const std::uint32_t> cells, std::vector<float>& out,
          JobContext& job) {
    if (!rows) {
        out.clear();
        return;
    }
    out.resize(cells.size() * static_cast<std::size_t>(rows->width()));
    rows->gather(cells, out, job);
}

void downsample(std::vector<float>& values, std::int64_t width, double share, Purpose purpose,
                const SetPlanSettings& settings, std::int64_t number, JobContext& job) {
    const auto columns = static_cast<std::size_t>(width);
    for (std::size_t row = 0; row * columns < values.size(); ++row) {
        job.check_cancelled();
        sample_counts(std::span(values).subspan(row * columns, columns), share,
                      CounterRandom(settings.seed, {purpose, static_cast<std::uint64_t>(settings.split),
                                                    static_cast<std::uint64_t>(number), row}));
    }
}

void label(const PlannedBatch& planned, const RunCells& cells, const DividedCells& divided, Split split,
           TrainingBatch& batch) {
    batch.pert.clear();
    batch.batch.clear();
    batch.cell_type.clear();
    for (const std::uint32_t cell : planned.targets) {
        batch.pert.push_back(cells.perturbation[cell]);
        batch.batch.push_back(cells.batch[cell]);
    }
    for (const std::uint32_t group : planned.groups) {
        batch.cell_type.push_back(divided.of(split).groups[group].cell_type);
    }
    batch.target_cells.assign(planned.targets.begin(), planned.targets.end());
    batch.control_cells.assign(planned.controls.begin(), planned.controls.end());
}

} // namespace

void fill_batch(const PlannedBatch& planned, const RunCells& cells, const DividedCells& divided,
                const SetPlanSettings& settings, std::int64_t number, const RunRows& rows,
                TrainingBatch& batch, JobContext& job) {
    batch.sets = static_cast<std::int64_t>(planned.groups.size());
    batch.set_len = settings.set_len;
    label(planned, cells, divided, settings.split, batch);
    read(rows.targets, planned.targets, batch.target, job);
    read(rows.controls, planned.controls, batch.basal, job);
    read(rows.counts, planned.targets, batch.counts, job);
    read(rows.velocity, planned.controls, batch.velocity, job);
    batch.confidence.clear();
    if (!rows.confidence.empty()) {
        for (const std::uint32_t cell : planned.controls) {
            batch.confidence.push_back(rows.confidence[cell]);
        }
    }
    if (rows.downsample_cells) {
        downsample(batch.target, rows.targets->width(), rows.downsample, target_counts, settings, number,
                   job);
        downsample(batch.basal, rows.targets->width(), rows.downsample, control_counts, settings, number,
                   job);
    }
    if (rows.downsample_counts) {
        downsample(batch.counts, rows.counts->width(), rows.downsample, decoder_counts, settings, number,
                   job);
    }
}

} // namespace ember

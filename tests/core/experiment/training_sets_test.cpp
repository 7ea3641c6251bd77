// Which cells stand in which set.

#include <cmath>
#include <limits>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "tests/core/experiment/cell_file.hpp"

namespace ember {
namespace {

using test::CellTable;

/// A file of random cells, opened.
struct Opened {
    explicit Opened(const std::function<void(DataSettings&)>& change = {}, std::int64_t sets = 3,
                    std::int64_t set_len = 16) {
        test::write_cells(folder / "cells.h5ad", table, {});
        DataSettings settings = test::settings_for({folder / "cells.h5ad"});
        if (change) {
            change(settings);
        }
        JobContext job;
        data = TrainingData::open(settings, test::sets_per_batch(sets), set_len, job);
    }
    test::TemporaryFolder folder;
    CellTable table = test::random_cells(700, 12, 5);
    TrainingDataPtr data;
};

std::vector<std::unique_ptr<TrainingBatch>> take(BatchStream& stream, std::uint64_t count) {
    JobContext job;
    std::vector<std::unique_ptr<TrainingBatch>> batches;
    for (std::uint64_t i = 0; i < count; ++i) {
        batches.push_back(stream.next(job));
    }
    return batches;
}

TEST(TrainingSets, EveryCellOfEachGroupAppearsInEachEpoch) {
    for (const bool reshuffle : {false, true}) {
        const Opened opened([&](DataSettings& settings) { settings.reshuffle = reshuffle; });
        const SplitSummary summary = opened.data->summary(Split::train);
        EXPECT_EQ(summary.cells, 700U);
        EXPECT_EQ(summary.groups, 9U);
        const auto stream = opened.data->stream(Split::train, 1, 0);
        for (int epoch = 0; epoch < 3; ++epoch) {
            std::set<std::uint64_t> seen;
            std::int64_t sets = 0;
            for (const auto& batch : take(*stream, summary.batches)) {
                seen.insert(batch->target_cells.begin(), batch->target_cells.end());
                sets += batch->sets;
            }
            EXPECT_EQ(seen.size(), 700U);
            EXPECT_EQ(static_cast<std::uint64_t>(sets), summary.sets);
        }
    }
}

TEST(TrainingSets, SetsAreOfOneGroupAndControlsOfItsCellType) {
    for (const ControlPairing pairing : {ControlPairing::random, ControlPairing::batch}) {
        const Opened opened([&](DataSettings& settings) { settings.pairing = pairing; });
        const CellTable& table = opened.table;
        const auto stream = opened.data->stream(Split::train, 2, 0);
        for (const auto& batch : take(*stream, opened.data->summary(Split::train).batches)) {
            for (std::int64_t i = 0; i < batch->cells(); ++i) {
                const auto at = static_cast<std::size_t>(i);
                const std::uint64_t first = batch->target_cells[at / 16 * 16];
                const std::uint64_t cell = batch->target_cells[at], control = batch->control_cells[at];
                EXPECT_EQ(table.cell_type[cell], table.cell_type[first]);
                EXPECT_EQ(table.perturbation[cell], table.perturbation[first]);
                EXPECT_EQ(table.perturbation[control], "ctrl");
                EXPECT_EQ(table.cell_type[control], table.cell_type[cell]);
                if (pairing == ControlPairing::batch) {
                    EXPECT_EQ(table.batch[cell], table.batch[first]);
                    EXPECT_EQ(table.batch[control], table.batch[cell]);
                }
                EXPECT_EQ(opened.data->perturbations().labels[static_cast<std::size_t>(batch->pert[at])],
                          table.perturbation[cell]);
                EXPECT_EQ(opened.data->batches().labels[static_cast<std::size_t>(batch->batch[at])],
                          table.batch[cell]);
                EXPECT_EQ(
                    opened.data->cell_types().labels[static_cast<std::size_t>(batch->cell_type[at / 16])],
                    table.cell_type[cell]);
                EXPECT_EQ(batch->target[at * 12], static_cast<float>(cell));
                EXPECT_EQ(batch->basal[at * 12], static_cast<float>(control));
            }
        }
    }
}

TEST(TrainingSets, AStreamFromAnyNumberGivesTheSameBatches) {
    const Opened opened([](DataSettings& settings) { settings.reshuffle = true; });
    const auto whole = opened.data->stream(Split::train, 9, 0);
    const auto batches = take(*whole, 60);
    for (const std::int64_t first : {1, 17, 30, 59}) {
        const auto later = opened.data->stream(Split::train, 9, first);
        const auto again = take(*later, 1);
        const TrainingBatch& expected = *batches[static_cast<std::size_t>(first)];
        EXPECT_EQ(again[0]->target, expected.target);
        EXPECT_EQ(again[0]->basal, expected.basal);
        EXPECT_EQ(again[0]->control_cells, expected.control_cells);
        EXPECT_EQ(later->position(), first + 1);
    }
    const auto other = opened.data->stream(Split::train, 10, 0);
    EXPECT_NE(take(*other, 1)[0]->target_cells, batches[0]->target_cells);
}

TEST(TrainingSets, SetsStayAndFillsAndControlsChangeWithoutReshuffling) {
    const Opened opened;
    const std::uint64_t many = opened.data->summary(Split::train).batches;
    const auto batches = take(*opened.data->stream(Split::train, 3, 0), 2 * many);
    bool same_controls = true;
    for (std::uint64_t i = 0; i < many; ++i) {
        const auto& first = batches[i]->target_cells;
        const auto& second = batches[i + many]->target_cells;
        ASSERT_EQ(first.size(), second.size());
        EXPECT_EQ(std::set(first.begin(), first.end()), std::set(second.begin(), second.end()));
        same_controls = same_controls && batches[i]->control_cells == batches[i + many]->control_cells;
    }
    EXPECT_FALSE(same_controls);
    const Opened reshuffled([](DataSettings& settings) { settings.reshuffle = true; });
    const auto others = take(*reshuffled.data->stream(Split::train, 3, 0), 2 * many);
    EXPECT_NE(std::set(others[0]->target_cells.begin(), others[0]->target_cells.end()),
              std::set(others[many]->target_cells.begin(), others[many]->target_cells.end()));
}

TEST(TrainingSets, AtMostSoManyCellsOfAGroup) {
    const Opened opened([](DataSettings& settings) { settings.downsample_cells = 20; });
    const SplitSummary summary = opened.data->summary(Split::train);
    EXPECT_EQ(summary.sets, 18U); // nine groups of 20 cells in sets of 16
    std::map<std::pair<std::int32_t, std::int32_t>, std::set<std::uint64_t>> kept;
    for (const auto& batch : take(*opened.data->stream(Split::train, 4, 0), summary.batches)) {
        for (std::size_t i = 0; i < batch->target_cells.size(); ++i) {
            kept[{batch->cell_type[i / 16], batch->pert[i]}].insert(batch->target_cells[i]);
        }
    }
    ASSERT_EQ(kept.size(), 9U);
    for (const auto& [group, cells] : kept) {
        EXPECT_EQ(cells.size(), 20U);
    }
}

TEST(TrainingSets, TheFingerprintTellsOtherPlansApart) {
    const DataFingerprint plain = Opened().data->fingerprint();
    EXPECT_EQ(plain.cells.size(), 16U);
    EXPECT_EQ(Opened().data->fingerprint(), plain);
    const DataFingerprint fewer = Opened({}, 2).data->fingerprint();
    EXPECT_EQ(fewer.cells, plain.cells);
    EXPECT_NE(fewer.sets, plain.sets);
    const auto cells_with = [](const std::function<void(DataSettings&)>& change) {
        return Opened(change).data->fingerprint().cells;
    };
    EXPECT_NE(cells_with([](DataSettings& settings) { settings.yield_controls = false; }), plain.cells);
    EXPECT_NE(cells_with([](DataSettings& settings) { settings.pairing = ControlPairing::batch; }),
              plain.cells);
}

TEST(TrainingSets, TheMemoryOfTheMachineIsNoOtherData) {
    const DataFingerprint plain = Opened().data->fingerprint();
    const DataFingerprint windows = Opened([](DataSettings& settings) {
                                        settings.memory_bytes = 4096;
                                        settings.shuffle = CellShuffle::windows;
                                    }).data->fingerprint();
    EXPECT_EQ(windows.cells, plain.cells);
    EXPECT_EQ(windows.sets, plain.sets);
    EXPECT_NE(windows.reading, plain.reading);
}

TEST(TrainingSets, ControlsAreNoTargetsWhenNotYielded) {
    const Opened opened([](DataSettings& settings) { settings.yield_controls = false; });
    EXPECT_EQ(opened.data->summary(Split::train).groups, 6U);
    for (const auto& batch :
         take(*opened.data->stream(Split::train, 4, 0), opened.data->summary(Split::train).batches)) {
        for (const std::int32_t pert : batch->pert) {
            EXPECT_NE(pert, opened.data->control());
        }
    }
}

TEST(TrainingSets, FewerCountsAreTheSameForEachVisitOfABatch) {
    const test::TemporaryFolder folder;
    CellTable table = test::random_cells(300, 10, 6);
    for (float& value : table.values) {
        value = std::log1p(std::floor(value));
    }
    test::write_cells(folder / "cells.h5ad", table, {}, "X");
    DataSettings settings = test::settings_for({folder / "cells.h5ad"});
    settings.embed_key.clear();
    settings.output_space = "all";
    JobContext job;
    const auto whole = TrainingData::open(settings, test::sets_per_batch(2), 16, job);
    settings.downsample = 0.5;
    const auto half = TrainingData::open(settings, test::sets_per_batch(2), 16, job);
    const auto all = take(*whole->stream(Split::train, 1, 0), 4),
               some = take(*half->stream(Split::train, 1, 0), 4),
               again = take(*half->stream(Split::train, 1, 3), 1);
    EXPECT_EQ(some[3]->target, again[0]->target);
    EXPECT_EQ(some[3]->basal, again[0]->basal);
    double before = 0, after = 0;
    for (std::size_t b = 0; b < 4; ++b) {
        for (std::size_t i = 0; i < all[b]->target.size(); ++i) {
            EXPECT_LE(some[b]->target[i], all[b]->target[i] + 1e-5F);
            before += std::expm1(all[b]->target[i]);
            after += std::expm1(some[b]->target[i]);
        }
    }
    EXPECT_NEAR(after / before, 0.5, 0.02);
}

TEST(TrainingSets, VelocityAndConfidenceAreTheControls) {
    const test::TemporaryFolder folder;
    const CellTable table = test::random_cells(300, 10, 7);
    const std::filesystem::path file = folder / "cells.h5ad";
    test::write_cells(file, table, {});
    std::vector<float> velocity;
    std::vector<double> confidence;
    for (std::size_t i = 0; i < table.values.size(); ++i) {
        velocity.push_back(-table.values[i]);
    }
    for (std::size_t cell = 0; cell < table.cells(); ++cell) {
        confidence.push_back(static_cast<double>(cell) / 1000);
    }
    velocity[10 * 10 + 1] = std::numeric_limits<float>::quiet_NaN(); // allowed: the loss leaves it out
    test::add_velocity(file, velocity, table.genes.size(), confidence);
    DataSettings settings = test::settings_for({file});
    settings.velocity_key = "velocity_latent";
    settings.confidence_key = "velocity_confidence";
    JobContext job;
    const auto data = TrainingData::open(settings, test::sets_per_batch(2), 16, job);
    for (const auto& batch : take(*data->stream(Split::train, 1, 0), 5)) {
        ASSERT_EQ(batch->velocity.size(), batch->basal.size());
        for (std::size_t i = 0; i < batch->control_cells.size(); ++i) {
            EXPECT_EQ(batch->velocity[i * 10], -batch->basal[i * 10]);
            EXPECT_EQ(batch->confidence[i], static_cast<float>(batch->control_cells[i]) / 1000);
        }
    }
    settings.velocity_key = "velocity_latnt";
    try {
        TrainingData::open(settings, test::sets_per_batch(2), 16, job);
        FAIL() << "a matrix that is not there was opened";
    } catch (const Error& error) {
        EXPECT_EQ(error.class_name(), "MissingMember");
        EXPECT_NE(error.remedy().find("'velocity_latent'"), std::string::npos) << error.what();
    }
}

} // namespace
} // namespace ember

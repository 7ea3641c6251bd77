// The demo and the small fixture, divided as cell-load 0.10.4 divides them: its PerturbationDataModule gives
// the numbers of cells and sentences below.

#include <algorithm>

#include <gtest/gtest.h>

#include "core/experiment/training_data.hpp"

namespace ember {
namespace {

using std::filesystem::path;

struct Expected {
    ControlPairing pairing;
    bool yield_controls;
    std::uint64_t train_cells, train_sets, val_cells, val_sets, test_cells, test_sets;
};

DataSettings tiny(const Expected& expected) {
    DataSettings settings;
    settings.split_file = path(EMBER_TEST_DATA) / "state" / "tiny.toml";
    settings.embed_key = "X_hvg";
    settings.pert_col = "gene";
    settings.cell_type_key = "cell_type";
    settings.batch_col = "gem_group";
    settings.control_pert = "control";
    settings.pairing = expected.pairing;
    settings.yield_controls = expected.yield_controls;
    return settings;
}

DataSettings wound(const Expected& expected) {
    DataSettings settings = tiny(expected);
    settings.split_file = path(EMBER_DEMO) / "wound.toml";
    settings.pert_col = "condition";
    settings.batch_col = "batch";
    settings.control_pert = "Sham";
    return settings;
}

LoopSettings four_sets() {
    LoopSettings loop;
    loop.batch_sets = 4;
    return loop;
}

void expect_split(const TrainingData& data, const Expected& expected) {
    const SplitSummary train = data.summary(Split::train), val = data.summary(Split::val),
                       test = data.summary(Split::test);
    EXPECT_EQ(train.cells, expected.train_cells);
    EXPECT_EQ(train.sets, expected.train_sets);
    EXPECT_EQ(train.batches, (expected.train_sets + 3) / 4);
    EXPECT_EQ(val.cells, expected.val_cells);
    EXPECT_EQ(val.sets, expected.val_sets);
    EXPECT_EQ(test.cells, expected.test_cells);
    EXPECT_EQ(test.sets, expected.test_sets);
}

TEST(DemoCells, TinyIsDividedAsCellLoadDoes) {
    for (const Expected& expected : {Expected{ControlPairing::random, true, 546, 40, 97, 7, 93, 7},
                                     Expected{ControlPairing::random, false, 369, 27, 29, 2, 25, 2},
                                     Expected{ControlPairing::batch, true, 546, 45, 97, 9, 93, 8},
                                     Expected{ControlPairing::batch, false, 369, 31, 29, 3, 25, 2}}) {
        JobContext job;
        const auto data = TrainingData::open(tiny(expected), four_sets(), 16, job);
        expect_split(*data, expected);
        EXPECT_EQ(data->cells(), 600U);
        EXPECT_EQ(data->width(), 80);
        EXPECT_EQ(data->counts_width(), 0);
        EXPECT_EQ(data->genes().size(), 80U);
        EXPECT_EQ(data->gene_count(), 80);
        EXPECT_EQ(data->hvg_width(), 80);
        EXPECT_EQ(data->perturbations().labels,
                  (std::vector<std::string>{"control", "pert_A", "pert_B", "pert_C", "pert_D", "pert_E"}));
        EXPECT_EQ(data->control(), 0);
        EXPECT_EQ(data->batches().labels.size(), 2U);
        EXPECT_EQ(data->cell_types().labels.size(), 3U);
    }
}

TEST(DemoCells, TheWoundHoldsBurnOutOfMacrophages) {
    // Without controls as targets cell-load crashes on an empty subset; its numbers of cells are these.
    for (const Expected& expected : {Expected{ControlPairing::random, true, 3797, 71, 484, 9, 0, 0},
                                     Expected{ControlPairing::random, false, 1562, 30, 203, 4, 0, 0},
                                     Expected{ControlPairing::batch, true, 3797, 99, 484, 11, 0, 0}}) {
        JobContext job;
        const auto data = TrainingData::open(wound(expected), four_sets(), 64, job);
        if (expected.yield_controls) {
            expect_split(*data, expected);
        }
        EXPECT_EQ(data->summary(Split::train).cells, expected.train_cells);
        EXPECT_EQ(data->summary(Split::val).cells, expected.val_cells);
        EXPECT_EQ(data->perturbations().labels, (std::vector<std::string>{"Burn", "Sham"}));
        EXPECT_EQ(data->cell_types().labels.size(), 11U);
        EXPECT_EQ(data->width(), 500);
        EXPECT_EQ(data->genes().size(), 500U);
        const auto mac = *data->cell_types().find("Mac");
        const auto burn = static_cast<std::int32_t>(*data->perturbations().find("Burn"));
        const auto stream = data->stream(Split::train, 1, 0);
        for (std::uint64_t i = 0; i < data->summary(Split::train).batches; ++i) {
            const auto batch = stream->next(job);
            for (std::size_t cell = 0; cell < batch->pert.size(); ++cell) {
                EXPECT_FALSE(batch->pert[cell] == burn &&
                             static_cast<std::size_t>(batch->cell_type[cell / 64]) == mac);
            }
        }
        const auto held_out = data->stream(Split::val, 1, 0)->next(job);
        EXPECT_EQ(static_cast<std::size_t>(held_out->cell_type[0]), mac);
    }
}

TEST(DemoCells, FeaturesOfPerturbationsReplaceTheirNames) {
    DataSettings settings = tiny({ControlPairing::random, true, 0, 0, 0, 0, 0, 0});
    const path features = path(EMBER_TEST_DATA) / "state" / "run_tiny" / "pert_onehot_map.pt";
    settings.perturbation_features = features;
    JobContext job;
    const auto known = TrainingData::open(settings, four_sets(), 16, job);
    EXPECT_EQ(known->perturbations().dim, 6);
    EXPECT_EQ(known->perturbations().labels.size(), 6U);
    EXPECT_EQ(known->perturbations().labels[static_cast<std::size_t>(known->control())], "control");

    DataSettings others = wound({ControlPairing::random, true, 0, 0, 0, 0, 0, 0});
    others.perturbation_features = features;
    const auto lacking = TrainingData::open(others, four_sets(), 64, job);
    const LabelMap& map = lacking->perturbations();
    ASSERT_EQ(map.labels.size(), 8U);
    EXPECT_EQ(map.labels[6], "Burn");
    EXPECT_EQ(lacking->control(), 7);
    EXPECT_TRUE(
        std::all_of(map.vectors.begin() + 36, map.vectors.end(), [](float value) { return value == 0; }));
    const auto warnings = lacking->warnings();
    EXPECT_TRUE(std::any_of(warnings.begin(), warnings.end(), [](const std::string& text) {
        return text.find("2 perturbations") != std::string::npos && text.find("'Burn'") != std::string::npos;
    }));
    const auto batch = lacking->stream(Split::train, 1, 0)->next(job);
    EXPECT_TRUE(std::all_of(batch->pert.begin(), batch->pert.end(),
                            [](std::int32_t label) { return label == 6 || label == 7; }));
}

TEST(DemoCells, AnEmbeddingWithAGeneDecoderHasCounts) {
    DataSettings settings = wound({ControlPairing::random, true, 0, 0, 0, 0, 0, 0});
    settings.output_space = "all";
    JobContext job;
    const auto data = TrainingData::open(settings, four_sets(), 32, job);
    EXPECT_EQ(data->counts_width(), data->gene_count());
    const auto batch = data->stream(Split::train, 1, 0)->next(job);
    EXPECT_EQ(batch->counts.size(), static_cast<std::size_t>(batch->cells() * data->counts_width()));
}

} // namespace
} // namespace ember

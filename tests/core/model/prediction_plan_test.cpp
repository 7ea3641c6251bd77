#include "core/model/infer_plan.hpp"

#include <algorithm>
#include <filesystem>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/data/npy.hpp"

using namespace ember;
using testing::ElementsAre;
namespace fs = std::filesystem;

namespace {

const fs::path state = fs::path(EMBER_TEST_DATA) / "state";

/// Six cells: types b a b a a -, perturbations c = control, x.
struct Small {
    CellLabels types{"type", {"b", "a"}, {0, 1, 0, 1, 1, 0}};
    CellsToPredict cells;
    Small() {
        cells.source = {0, 1, 2, 3, 4, 5};
        cells.pert = {0, 1, 1, 1, 1, 1};
        cells.pert_names = {"c", "x"};
    }
};

} // namespace

TEST(PredictionPlan, DrawsTheControlsThatThePeerDrew) {
    const auto data = AnnData::open(state / "tiny.h5ad");
    const auto perts = read_labels(*data, "gene"), types = read_labels(*data, "cell_type");
    std::vector<std::string> warnings;
    const auto cells = choose_cells({}, *data, perts, types, "control", {}, warnings);
    const auto plan = plan_prediction(cells, types, "control", 16, 42);
    const auto expected = read_npy(state / "infer_tiny_control_rows.npy").values;
    ASSERT_EQ(plan.cells.size(), expected.size());
    for (std::size_t i = 0; i < plan.cells.size(); ++i) {
        ASSERT_EQ(static_cast<double>(plan.controls[i]), expected[plan.cells[i]])
            << "output row " << plan.cells[i];
    }
}

TEST(PredictionPlan, OrdersTypesAndPerturbationsAndCutsSets) {
    const Small small;
    const auto plan = plan_prediction(small.cells, small.types, "c", 2, 1);
    EXPECT_THAT(plan.cells, ElementsAre(1, 3, 4, 0, 2, 5));
    std::vector<std::uint32_t> counts;
    for (const auto& set : plan.sets) {
        counts.push_back(set.count);
    }
    EXPECT_THAT(counts, ElementsAre(2, 1, 1, 2));
    // Type a has no control of its own: it takes the only one there is.
    EXPECT_THAT(plan.controls, testing::Each(0u));
}

TEST(PredictionPlan, NeedsAControl) {
    const Small small;
    EXPECT_THROW(plan_prediction(small.cells, small.types, "absent", 2, 1), Error);
}

TEST(ChooseCells, EveryPerturbationOfTheModel) {
    const auto data = AnnData::open(state / "tiny.h5ad");
    const auto perts = read_labels(*data, "gene"), types = read_labels(*data, "cell_type");
    RunDirectory run;
    run.perturbations.labels = {"control", "pert_A", "new_1", "new_2"};
    InferRequest request;
    request.all_perts = true;
    request.virtual_cells_per_pert = 7;
    std::vector<std::string> warnings;
    const auto cells = choose_cells(request, *data, perts, types, "control", run, warnings);
    ASSERT_EQ(cells.source.size(), data->n_obs() + 14);
    EXPECT_TRUE(cells.relabelled);
    EXPECT_EQ(cells.pert_names[cells.pert.back()], "new_2");
    EXPECT_EQ(cells.names.back(), data->obs_names()[cells.source.back()] + "__virt_new_2");
    EXPECT_EQ(perts.names[perts.codes[cells.source.back()]], "control");
}

TEST(ChooseCells, MinimumAndMaximumPerPerturbation) {
    const auto data = AnnData::open(state / "tiny.h5ad");
    const auto perts = read_labels(*data, "gene"), types = read_labels(*data, "cell_type");
    InferRequest request;
    request.min_cells = request.max_cells = 100;
    std::vector<std::string> warnings;
    const auto cells = choose_cells(request, *data, perts, types, "control", {}, warnings);
    std::vector<int> counts(cells.pert_names.size(), 0);
    for (const auto pert : cells.pert) {
        ++counts[pert];
    }
    EXPECT_THAT(counts, testing::Each(100));
    ASSERT_EQ(cells.names.size(), cells.source.size());
    for (std::size_t i = 0; i < cells.names.size(); ++i) {
        ASSERT_EQ(cells.names[i].rfind(data->obs_names()[cells.source[i]], 0), 0u) << cells.names[i];
    }
    request.max_cells = 10;
    EXPECT_THROW(choose_cells(request, *data, perts, types, "control", {}, warnings), UsageError);
}

TEST(ChooseCells, KeepsCellTypes) {
    const auto data = AnnData::open(state / "tiny.h5ad");
    const auto perts = read_labels(*data, "gene"), types = read_labels(*data, "cell_type");
    InferRequest request;
    request.celltypes = {"CT1"};
    std::vector<std::string> warnings;
    const auto cells = choose_cells(request, *data, perts, types, "control", {}, warnings);
    const auto wanted = static_cast<std::ptrdiff_t>(*types.find("CT1"));
    EXPECT_EQ(static_cast<std::ptrdiff_t>(cells.source.size()),
              std::count(types.codes.begin(), types.codes.end(), wanted));
    EXPECT_TRUE(cells.edited);
    EXPECT_FALSE(cells.relabelled);
    request.celltypes = {"nowhere"};
    EXPECT_THROW(choose_cells(request, *data, perts, types, "control", {}, warnings), Error);
    EXPECT_THAT(warnings, ElementsAre(testing::HasSubstr("'nowhere'")));
}

TEST(FindControl, OfTheDataOfTheModelOrAnError) {
    const CellLabels perts{"drug", {"DMSO_TF_00", "drug1"}, {0, 1, 0}};
    RunDirectory run;
    const auto know = [&](const std::string& label) {
        run.perturbations.index[label] = run.perturbations.labels.size();
        run.perturbations.labels.push_back(label);
    };
    know("[('DMSO_TF', 0.0, 'uM')]");
    know("[('drug1', 0.5, 'uM')]");
    InferRequest request;
    request.control_pert = "DMSO_TF_00";
    StConfig config;
    const auto text_of_failure = [&] {
        try {
            find_control(request, run, config, perts, "in.h5ad");
        } catch (const Error& error) {
            return error.class_name() + ": " + error.what();
        }
        return std::string("none");
    };
    // Never a unit vector: neither the label nor the run's own control is in the model's map.
    EXPECT_THAT(text_of_failure(), testing::StartsWith("UnknownControl"));
    EXPECT_THAT(text_of_failure(), testing::HasSubstr("[('DMSO_TF', 0.0, 'uM')]"));
    // The same word spelled otherwise is a mistake, also where the run has a control of its own.
    config.control_pert = "[('DMSO_TF', 0.0, 'uM')]";
    EXPECT_THAT(text_of_failure(), testing::HasSubstr("but knows '[('DMSO_TF', 0.0, 'uM')]'"));
    request.control_pert = "drug1";
    config.control_pert = "[('drug1', 0.5, 'uM')]";
    EXPECT_THAT(text_of_failure(), testing::StartsWith("UnknownControl"));
    // Another word: the run's own control stands in.
    const CellLabels wounds{"condition", {"Sham", "Burn"}, {0, 1, 0}};
    request.control_pert = "Sham";
    const ControlLabel own = find_control(request, run, config, wounds, "in.h5ad");
    EXPECT_EQ(own.in_data, "Sham");
    EXPECT_EQ(own.in_model, config.control_pert);
    request.control_pert = "DMSO_TF_00";
    know("DMSO_TF_00");
    EXPECT_EQ(find_control(request, run, config, perts, "in.h5ad").in_model, "DMSO_TF_00");
    request.control_pert = "dmso_tf_00";
    EXPECT_THAT(text_of_failure(), testing::HasSubstr("'DMSO_TF_00'"));
}

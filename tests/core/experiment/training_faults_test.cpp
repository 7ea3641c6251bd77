// What is found before the first step, and whether it says how to mend it.

#include <algorithm>
#include <fstream>
#include <limits>

#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "tests/core/experiment/cell_file.hpp"

namespace ember {
namespace {

struct Fixture {
    Fixture() {
        test::write_cells(file, table, {});
        settings = test::settings_for({file});
    }
    void split(const std::string& text) {
        std::ofstream(folder / "split.toml") << "[datasets]\nmine = \"cells.h5ad\"\n" << text;
        settings.split_file = folder / "split.toml";
        settings.files.clear();
    }
    TrainingFaults faults(DataDepth depth = DataDepth::labels) const {
        JobContext job;
        TrainingFaults found;
        TrainingData::open(settings, test::sets_per_batch(2), 16, job, depth, found);
        return found;
    }
    /// The only fault.
    TrainingFault fault(DataDepth depth = DataDepth::labels) const {
        const TrainingFaults found = faults(depth);
        EXPECT_EQ(found.all().size(), 1U);
        return found.empty() ? TrainingFault{"", Error("", ""), {}} : found.all().front();
    }
    std::vector<std::string> warnings() const {
        JobContext job;
        return TrainingData::open(settings, test::sets_per_batch(2), 16, job)->warnings();
    }

    test::TemporaryFolder folder;
    test::CellTable table = test::random_cells(400, 10, 9);
    std::filesystem::path file = folder / "cells.h5ad";
    DataSettings settings;
};

bool any_has(const std::vector<std::string>& texts, const std::string& part) {
    return std::any_of(texts.begin(), texts.end(),
                       [&](const std::string& text) { return text.find(part) != std::string::npos; });
}

void expect_fault(const TrainingFault& fault, const std::string& option, const std::string& class_name,
                  const std::string& remedy) {
    EXPECT_EQ(fault.option, option);
    EXPECT_EQ(fault.error.class_name(), class_name);
    EXPECT_NE(fault.error.remedy().find(remedy), std::string::npos) << fault.error.what();
    EXPECT_FALSE(fault.error.place().file.empty());
    EXPECT_FALSE(fault.error.place().key.empty());
}

TEST(TrainingFaultsFound, AControlOfAnotherSpelling) {
    Fixture fixture;
    fixture.settings.control_pert = "Ctrl";
    expect_fault(fixture.fault(), "data.kwargs.control_pert", "UnknownControl", "'ctrl'");
    fixture.settings.control_pert = "DMSO_TF";
    expect_fault(fixture.fault(), "data.kwargs.control_pert", "UnknownControl", "data.kwargs.control_pert");
}

TEST(TrainingFaultsFound, ColumnsThatAreNotThereAllAtOnce) {
    Fixture fixture;
    fixture.settings.pert_col = "perturbation";
    fixture.settings.cell_type_key = "Type";
    fixture.settings.batch_col = "gem_group";
    const TrainingFaults faults = fixture.faults();
    ASSERT_EQ(faults.all().size(), 3U);
    expect_fault(faults.all()[0], "data.kwargs.pert_col", "MissingMember", "'pert'");
    expect_fault(faults.all()[1], "data.kwargs.cell_type_key", "MissingMember", "'type'");
    expect_fault(faults.all()[2], "data.kwargs.batch_col", "MissingMember", "'batch'");
}

TEST(TrainingFaultsFound, AnEmbeddingThatIsNotThere) {
    Fixture fixture;
    fixture.settings.embed_key = "X_state";
    const TrainingFault fault = fixture.fault();
    expect_fault(fault, "data.kwargs.embed_key", "MissingMember", "'X_hvg'");
    fixture.settings.embed_key.clear();
    EXPECT_EQ(fixture.fault().error.place().key, "X");
}

TEST(TrainingFaultsFound, GroupsThatAreTooSmallByName) {
    Fixture fixture;
    std::replace(fixture.table.perturbation.begin(), fixture.table.perturbation.begin() + 20,
                 std::string("P"), std::string("rare"));
    test::write_cells(fixture.file, fixture.table, {});
    EXPECT_TRUE(fixture.faults().empty());
    fixture.settings.min_cells = 10;
    const TrainingFault fault = fixture.fault();
    expect_fault(fault, "data.kwargs.min_cells", "TooFewCells", "Lower data.kwargs.min_cells");
    for (const char* name : {"A, rare (", "B, rare (", "C, rare ("}) {
        EXPECT_NE(fault.error.message().find(name), std::string::npos) << fault.error.message();
    }
}

TEST(TrainingFaultsFound, SplitsThatNameNothing) {
    Fixture fixture;
    fixture.split("[training]\nmine = \"train\"\n[zeroshot]\n\"mine.Bb\" = \"test\"\n"
                  "[fewshot.\"mine.A\"]\nval = [\"p\"]\n");
    const TrainingFaults faults = fixture.faults();
    ASSERT_EQ(faults.all().size(), 2U);
    expect_fault(faults.all()[0], "data.kwargs.toml_config_path", "BadSplit", "'B'");
    expect_fault(faults.all()[1], "data.kwargs.toml_config_path", "BadSplit", "'P'");
    fixture.split("[training]\n");
    expect_fault(fixture.fault(), "data.kwargs.toml_config_path", "BadSplit", "[training]");
}

TEST(TrainingFaultsFound, AValueThatIsNoNumber) {
    Fixture fixture;
    fixture.table.values[123 * 10 + 7] = std::numeric_limits<float>::quiet_NaN();
    test::write_cells(fixture.file, fixture.table, {});
    const TrainingFault fault = fixture.fault(DataDepth::cells);
    EXPECT_EQ(fault.error.class_name(), "BadValue");
    EXPECT_EQ(fault.error.place().file, fixture.file.string());
    EXPECT_EQ(fault.error.place().key, "obsm/X_hvg");
    EXPECT_EQ(fault.error.place().row, 123);
    EXPECT_NE(fault.error.message().find("column 7"), std::string::npos);
    fixture.settings.memory_bytes = 1000; // found while training, by the reader
    JobContext job;
    const auto data = TrainingData::open(fixture.settings, test::sets_per_batch(2), 16, job);
    const auto stream = data->stream(Split::train, 1, 0);
    EXPECT_THROW(
        for (int i = 0; i < 100; ++i) { stream->next(job); }, Error);
}

TEST(TrainingFaultsFound, FilesThatDiffer) {
    Fixture fixture;
    test::CellTable wider = test::random_cells(50, 11, 1), renamed = test::random_cells(50, 10, 1),
                    reordered = renamed;
    renamed.genes[3] = "other";
    std::swap(reordered.genes[2], reordered.genes[5]);
    fixture.settings.files.push_back(fixture.folder / "second.h5ad");
    for (const auto& [table, words] : {std::pair(wider, "10 columns"), std::pair(renamed, "'g3'"),
                                       std::pair(reordered, "another order")}) {
        test::write_cells(fixture.folder / "second.h5ad", table, {});
        const TrainingFaults faults = fixture.faults();
        ASSERT_FALSE(faults.empty()) << words;
        const Error& error = faults.all().front().error;
        EXPECT_EQ(error.class_name(), "ShapeMismatch");
        EXPECT_NE(error.message().find(words), std::string::npos) << error.message();
        EXPECT_NE(error.message().find("cells.h5ad"), std::string::npos);
        EXPECT_NE(error.message().find("second.h5ad"), std::string::npos);
    }
}

TEST(TrainingFaultsFound, ValuesThatAreNoLogarithms) {
    Fixture fixture;
    fixture.table.values[5] = -1.5F;
    test::write_cells(fixture.file, fixture.table, {});
    EXPECT_TRUE(any_has(fixture.warnings(), "negative values, down to -1.5"));
    EXPECT_TRUE(any_has(fixture.warnings(), "values up to 399"));
    for (float& value : fixture.table.values) {
        value = std::floor(std::abs(value));
    }
    test::write_cells(fixture.file, fixture.table, {});
    EXPECT_TRUE(any_has(fixture.warnings(), "looks like counts"));
}

TEST(TrainingFaultsFound, FilesThatCannotBeOpened) {
    Fixture fixture;
    fixture.settings.files = {fixture.folder / "nothing.h5ad"};
    EXPECT_FALSE(fixture.faults().empty());
    std::ofstream(fixture.folder / "text.h5ad") << "not a file of cells";
    fixture.settings.files = {fixture.folder / "text.h5ad"};
    EXPECT_EQ(fixture.fault().error.class_name(), "NotHdf5");
    EXPECT_EQ(fixture.fault().option, "data.kwargs.files");
}

} // namespace
} // namespace ember

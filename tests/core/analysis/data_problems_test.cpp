#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/analysis/schema_guess.hpp"
#include "memory_anndata.hpp"

namespace {

using namespace ember;
using ember::test::MemoryAnnData;
using testing::HasSubstr;

MemoryAnnData clean(std::uint64_t cells) {
    MemoryAnnData data(cells, 2);
    data.set_x({cells, 2, std::vector<double>(cells * 2, 0.5), false, false, 16});
    std::vector<std::string> labels(cells, "Sham");
    labels.back() = "Burn";
    data.add_text("condition", labels);
    return data;
}

std::string titles(const std::vector<DataProblem>& problems) {
    std::string all;
    for (const DataProblem& problem : problems) {
        EXPECT_FALSE(problem.remedy.empty()) << problem.title;
        all += problem.title + "\n";
    }
    return all;
}

TEST(DataProblems, CleanDataHasNone) {
    EXPECT_EQ(titles(find_problems(clean(100))), "");
}

TEST(DataProblems, RepeatedNamesAreCounted) {
    MemoryAnnData data = clean(100);
    data.set_var_names({"TP53", "TP53"});
    EXPECT_THAT(titles(find_problems(data)), HasSubstr("1 gene name occurs more than once"));
}

TEST(DataProblems, RawCountsAndNonFiniteValuesAreSeenInASample) {
    MemoryAnnData data = clean(100);
    std::vector<double> counts(200, 0);
    counts[199] = 17;
    data.set_x({100, 2, counts, true, false, 16});
    EXPECT_THAT(titles(find_problems(data)), HasSubstr("raw counts (whole numbers up to 17)"));
    counts[0] = NAN;
    data.set_x({100, 2, counts, true, false, 16});
    EXPECT_THAT(titles(find_problems(data)), HasSubstr("NaN or infinite"));
}

TEST(DataProblems, FewControlsAndAMissingInputAreSaid) {
    const MemoryAnnData data = clean(11);
    SchemaHints hints;
    hints.embed_key = "X_state";
    hints.input_dim = 2058;
    const std::vector<DataProblem> problems = find_problems(data, hints);
    EXPECT_THAT(titles(problems), HasSubstr("Only 10 cells are controls ('Sham')"));
    EXPECT_THAT(titles(problems), HasSubstr("'X_state' is not in this file"));
    EXPECT_TRUE(
        std::any_of(problems.begin(), problems.end(), [](const DataProblem& p) { return p.serious; }));
}

TEST(DataProblems, GenesAreComparedWithTheModels) {
    MemoryAnnData data = clean(100);
    SchemaHints hints;
    hints.embed_key = "X";
    hints.genes = {"gene0", "gene1"};
    EXPECT_EQ(titles(find_problems(data, hints)), "");
    hints.genes = {"gene1", "gene0"};
    EXPECT_THAT(titles(find_problems(data, hints)), HasSubstr("another order"));
    hints.genes = {"gene1", "TP53"};
    EXPECT_THAT(titles(find_problems(data, hints)), HasSubstr("Only 1 of the model's 2 genes"));
}

TEST(DataProblems, OneCellAndNoGenesAreNoTrouble) {
    MemoryAnnData one(1, 1);
    one.set_x({1, 1, {0.5}, false, false, 1});
    EXPECT_EQ(titles(find_problems(one)), "");
    MemoryAnnData none(0, 0);
    EXPECT_EQ(titles(find_problems(none)), "");
}

} // namespace

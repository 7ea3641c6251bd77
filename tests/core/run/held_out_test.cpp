#include "core/run/held_out.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ember {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(HeldOutCells, AreReadFromToml) {
    const auto parts = parse_held_out(R"(# data of the run
[datasets]
wound = "wound_demo.h5ad" # a comment
"other.set" = "x.h5ad"
[training]
wound = "train"
[zeroshot]
"wound.Mel" = "test"
wound.Ker = 'val'
"wound.Fib" = "train"
[fewshot]
[fewshot."wound.Mac"]
val = ["Burn"]
test = [
  "[('Dex', 1.0, 'uM')]", # another
  'IL"2',
]
)");
    EXPECT_THAT(parts, ElementsAre(HeldOut{"wound", "Mel", {}, "test"}, HeldOut{"wound", "Ker", {}, "val"},
                                   HeldOut{"wound", "Mac", {"Burn"}, "val"},
                                   HeldOut{"wound", "Mac", {"[('Dex', 1.0, 'uM')]", "IL\"2"}, "test"}));
}

TEST(HeldOutCells, WhateverIsNotUnderstoodIsPassedOver) {
    for (const char* text : {"", "[", "[fewshot.\"a", "x", "x =", "[zeroshot]\n= 3\n\"a.b\" = 4\n", "\"\\",
                             "[fewshot.a]\nval = [", "[fewshot.\"a.b\"]\ntrain = [\"x\"]\n"}) {
        EXPECT_THAT(parse_held_out(text), IsEmpty()) << text;
    }
}

TEST(HeldOutCells, StandBesideTheDemosRuns) {
    const HeldOutCells wound =
        read_held_out(open_run_directory(std::filesystem::path(EMBER_DEMO) / "st_wound"));
    EXPECT_EQ(wound.file.filename(), "wound.toml");
    EXPECT_THAT(wound.parts, ElementsAre(HeldOut{"wound", "Mac", {"Burn"}, "val"}));
    const HeldOutCells drug =
        read_held_out(open_run_directory(std::filesystem::path(EMBER_DEMO) / "st_drug"));
    EXPECT_TRUE(drug.file.empty());
    EXPECT_THAT(drug.parts, IsEmpty());
}

} // namespace
} // namespace ember

#include "core/experiment/split_file.hpp"

#include <gmock/gmock.h>

#include "core/experiment/split_pattern.hpp"
#include "scratch_folder.hpp"

namespace {

using namespace ember;
using ember::test::error_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

class SplitFile : public ember::test::ScratchTest {
protected:
    SplitPlan read(const std::string& toml) const { return read_split_file(write("s.toml", toml)); }
    Error error(const std::string& toml) const {
        return error_of([&] { read(toml); });
    }
    void SetUp() override {
        ScratchTest::SetUp();
        for (const char* name : {"w.h5ad", "d/a.h5", "d/b.h5ad", "d/notes.txt", "e/a.h5ad", "e/c.h5ad"}) {
            write(name, "");
        }
    }
    const std::string head = "[datasets]\nw = \"w.h5ad\"\n[training]\nw = \"train\"\n";
};

TEST_F(SplitFile, TheDemosAreRead) {
    const SplitPlan plan = read_split_file(std::filesystem::path(EMBER_DEMO) / "wound.toml");
    ASSERT_THAT(plan.datasets, SizeIs(1));
    const SplitDataset& set = plan.datasets.front();
    EXPECT_EQ(set.name, "wound");
    EXPECT_TRUE(set.trains);
    ASSERT_THAT(set.files, SizeIs(1));
    EXPECT_EQ(set.files.front().filename(), "wound_demo.h5ad");
    EXPECT_THAT(set.fewshot, ElementsAre(Pair("Mac", ElementsAre(Pair("Burn", Split::val)))));
}

TEST_F(SplitFile, AllSectionsAreRead) {
    const SplitPlan plan =
        read("[datasets]\nw = \"w.h5ad\"\nd = \"d\"\n[training]\nw = \"train\"\n"
             "[zeroshot]\n\"w.T.cell\" = \"test\"\nd.K562 = 'val'\n"
             "[fewshot.\"w.Mac\"]\nval = [\"A\"]\ntest = [\n  \"B\", # two\n  \"C\"\n]\ntrain = [\"D\"]\n"
             "[fewshot.d.Fib]\ntest = [\"E\"]\n");
    const SplitDataset& d = plan.datasets[0];
    const SplitDataset& w = plan.datasets[1];
    EXPECT_EQ(d.name, "d");
    EXPECT_FALSE(d.trains);
    EXPECT_THAT(d.files, ElementsAre(folder / "d/a.h5", folder / "d/b.h5ad"));
    EXPECT_THAT(d.zeroshot, ElementsAre(Pair("K562", Split::val)));
    EXPECT_THAT(d.fewshot, ElementsAre(Pair("Fib", ElementsAre(Pair("E", Split::test)))));
    EXPECT_THAT(w.zeroshot, ElementsAre(Pair("T.cell", Split::test)));
    EXPECT_THAT(w.fewshot, ElementsAre(Pair("Mac", ElementsAre(Pair("A", Split::val), Pair("B", Split::test),
                                                               Pair("C", Split::test)))));
}

TEST_F(SplitFile, PatternsFindFiles) {
    EXPECT_THAT(expand_braces("x{a, b}y{1,2}"), ElementsAre("xay1", "xay2", "xby1", "xby2"));
    EXPECT_THAT(expand_braces("x{"), ElementsAre("x{"));
    EXPECT_THAT(expand_braces("{}"), ElementsAre("{}"));
    EXPECT_THAT(files_of_pattern("{d,e}", folder), ElementsAre(folder / "d/a.h5", folder / "d/b.h5ad",
                                                               folder / "e/a.h5ad", folder / "e/c.h5ad"));
    EXPECT_THAT(files_of_pattern("?/a.h5*", folder), IsEmpty()); // does not end in .h5 or .h5ad
    EXPECT_THAT(files_of_pattern("?/*.h5ad", folder),
                ElementsAre(folder / "d/b.h5ad", folder / "e/a.h5ad", folder / "e/c.h5ad"));
    EXPECT_THAT(files_of_pattern("[de]/{a,c}.h5ad", folder),
                ElementsAre(folder / "e/a.h5ad", folder / "e/c.h5ad"));
    EXPECT_THAT(files_of_pattern((folder / "w.h5ad").string(), "/"), ElementsAre(folder / "w.h5ad"));
    EXPECT_THAT(files_of_pattern("none", folder), IsEmpty());
    EXPECT_THAT(files_of_pattern("", folder), IsEmpty());
}

TEST_F(SplitFile, ErrorsSayLineAndRemedy) {
    const Error syntax = error("[datasets]\nw = w.h5ad\n");
    EXPECT_EQ(syntax.class_name(), "BadSplit");
    EXPECT_EQ(syntax.place().row, 1);
    const Error table = error(head + "[fewshots]\n");
    EXPECT_EQ(table.class_name(), "BadSplit");
    EXPECT_THAT(table.remedy(), HasSubstr("'fewshot'"));
    const Error dataset = error(head + "[zeroshot]\n\"v.Mac\" = \"test\"\n");
    EXPECT_THAT(dataset.message(), HasSubstr("'v'"));
    EXPECT_EQ(dataset.place().row, 5);
    const Error missing = error("[datasets]\nw = \"gone.h5ad\"\n");
    EXPECT_EQ(missing.class_name(), "MissingMember");
    EXPECT_EQ(missing.place().row, 1);
    EXPECT_EQ(error_of([&] { read_split_file(folder / "none.toml"); }).class_name(), "MissingMember");
    EXPECT_EQ(error_of([&] { read_split_file(folder); }).class_name(), "MissingMember");
}

TEST_F(SplitFile, BrokenFilesAreRefused) {
    for (const std::string& broken :
         {std::string(),
          std::string("\xff\xfe"),
          std::string("\xe2\xc6\x9f"),
          std::string("\u019f"),
          std::string("[datasets]\né = \"w.h5ad\"\n"),
          std::string("[datasets]\nw = é\n"),
          std::string("[datasets]\n"),
          std::string("datasets = 3\n"),
          std::string("[datasets]\nw = 3\n"),
          std::string("[datasets]\nw = [\"w.h5ad\"]\n"),
          std::string("[datasets]\n\"a.b\" = \"w.h5ad\"\n"),
          std::string("[datasets]\nw = \"w.h5ad\"\n"),
          head + "[zeroshot]\n\"w.Mac\" = \"tset\"\n",
          head + "[zeroshot]\nw = \"test\"\n",
          head + "[zeroshot]\n\"w.\" = \"test\"\n",
          head + "[zeroshot]\n\"w.Mac\" = true\n",
          head + "[fewshot.\"w.Mac\"]\nval = \"A\"\n",
          head + "[fewshot.\"w.Mac\"]\nval = [1]\n",
          head + "[fewshot.\"w.Mac\"]\nvalid = [\"A\"]\n",
          head + "[fewshot]\n\"w.Mac\" = \"val\"\n",
          head + "[fewshot.\"w.Mac\"]\nval = [\"A\"]\ntest = [\"A\"]\n",
          head + "[zeroshot]\n\"w.Mac\" = \"test\"\n[fewshot.\"w.Mac\"]\nval = [\"A\"]\n",
          head + "[training]\n",
          head + "x = 1979-05-27\n",
          std::string(100'000, '[')}) {
        EXPECT_EQ(error(broken).class_name(), "BadSplit") << broken.substr(0, 200);
    }
}

TEST_F(SplitFile, WhatIsWrittenIsReadBack) {
    SplitPlan plan = split_of_files({folder / "d/b.h5ad", folder / "w.h5ad"});
    plan.file = folder / "out.toml";
    plan.datasets[0].zeroshot["T \"cell\"\n"] = Split::test;
    plan.datasets[1].fewshot["Mac.phage"] = {
        {"drug, 1 µM", Split::val}, {"\\x", Split::test}, {"z", Split::val}};
    write_split(plan, "made for a test\nseed\x01 1");
    const SplitPlan again = read_split_file(plan.file);
    ASSERT_THAT(again.datasets, SizeIs(2));
    EXPECT_EQ(again.datasets[0].name, "b");
    EXPECT_EQ(again.datasets[0].pattern, "d/b.h5ad");
    for (int i : {0, 1}) {
        EXPECT_EQ(again.datasets[i].files, plan.datasets[i].files);
        EXPECT_EQ(again.datasets[i].trains, plan.datasets[i].trains);
        EXPECT_EQ(again.datasets[i].zeroshot, plan.datasets[i].zeroshot);
        EXPECT_EQ(again.datasets[i].fewshot, plan.datasets[i].fewshot);
    }
}

TEST_F(SplitFile, FilesOfOneNameAreTwoDataSets) {
    const SplitPlan plan = split_of_files({"d/a.b.h5", "e/a.b.h5ad"});
    EXPECT_EQ(plan.datasets[0].name, "a_b");
    EXPECT_EQ(plan.datasets[1].name, "a_b_2");
}

} // namespace

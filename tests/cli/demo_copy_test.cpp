// `demo` without predictions.

#include <fstream>

#include <gmock/gmock.h>

#include "program.hpp"

namespace {

using ember::test::CliTest;
using ember::test::content_of;
using ember::test::entries_of;
using ember::test::Outcome;
using testing::HasSubstr;

class DemoCopy : public CliTest {};

TEST_F(DemoCopy, WritesTheWorkspaceAndMayBeRepeated) {
    const Outcome first = run({"demo", path("demo")});
    EXPECT_EQ(first.status, 0) << first.err;
    EXPECT_THAT(first.out, HasSubstr(path("demo")));
    EXPECT_EQ(entries_of(path("demo")), entries_of(EMBER_DEMO_FILES));
    EXPECT_EQ(content_of(path("demo/st_wound/checkpoints/final.ckpt")),
              content_of(EMBER_DEMO_FILES "/st_wound/checkpoints/final.ckpt"));
    std::ofstream(path("demo/my notes.txt")) << "mine";
    std::filesystem::remove(path("demo/wound.toml"));
    const Outcome again = run({"demo", path("demo"), "--json"});
    EXPECT_EQ(again.status, 0) << again.out;
    EXPECT_EQ(again.json()["data"].size(), 2u);
    EXPECT_EQ(again.json()["models"].size(), 3u);
    EXPECT_EQ(content_of(path("demo/my notes.txt")), "mine");
    EXPECT_TRUE(std::filesystem::exists(path("demo/wound.toml")));
}

TEST_F(DemoCopy, ForeignFilesAreNeverOverwritten) {
    std::filesystem::create_directories(path("demo"));
    std::ofstream(path("demo/README.md")) << "mine";
    const Outcome outcome = run({"demo", path("demo"), "--json"});
    EXPECT_EQ(outcome.status, 3);
    EXPECT_EQ(outcome.error_class(), "WouldOverwrite");
    EXPECT_EQ(entries_of(path("demo")), std::vector<std::string>{"README.md"});
    EXPECT_EQ(content_of(path("demo/README.md")), "mine");
}

TEST_F(DemoCopy, ResultsOfSomethingElseAreForeignToo) {
    std::filesystem::create_directories(path("project/predictions"));
    EXPECT_EQ(run({"demo", path("project"), "--json"}).error_class(), "WouldOverwrite");
    EXPECT_EQ(entries_of(path("project")), std::vector<std::string>{"predictions"});
}

TEST_F(DemoCopy, AFolderThatCannotBeMadeIsSaid) {
    EXPECT_EQ(run({"demo", "/proc/demo", "--json"}).error_class(), "CannotWrite");
    std::ofstream(path("file")) << "in the way";
    EXPECT_EQ(run({"demo", path("file"), "--json"}).error_class(), "CannotWrite");
}

} // namespace

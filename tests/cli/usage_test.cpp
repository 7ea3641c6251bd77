// Help, version, and what happens when the command line is wrong.

#include <gmock/gmock.h>

#include "program.hpp"

namespace {

using ember::test::CliTest;
using ember::test::count_of;
using ember::test::Outcome;
using testing::HasSubstr;
using testing::StartsWith;

class Usage : public CliTest {};

TEST_F(Usage, HelpListsTheCommandsAndEachExplainsItself) {
    const Outcome help = run({"--help"});
    EXPECT_EQ(help.status, 0);
    EXPECT_EQ(help.err, "");
    for (const char* command : {"demo", "inspect", "infer", "stats", "embed", "evaluate", "train"}) {
        EXPECT_THAT(help.out, HasSubstr(std::string("\n  ") + command + " "));
        const Outcome own = run({command, "--help"});
        EXPECT_EQ(own.status, 0);
        EXPECT_THAT(own.out, HasSubstr("Example"));
        EXPECT_THAT(own.out, HasSubstr(std::string("emberview-cli ") + command));
        EXPECT_EQ(own.out, run({"help", command}).out);
    }
}

TEST_F(Usage, VersionIsOneLine) {
    const Outcome version = run({"--version"});
    EXPECT_EQ(version.status, 0);
    EXPECT_THAT(version.out, testing::MatchesRegex("emberview-cli [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST_F(Usage, AnUnknownCommandIsAnsweredWithTheNearest) {
    const Outcome wrong = run({"infre", "--adata", "x.h5ad"});
    EXPECT_EQ(wrong.status, 2);
    EXPECT_EQ(wrong.out, "");
    EXPECT_THAT(wrong.err, StartsWith("error: "));
    EXPECT_THAT(wrong.err, HasSubstr("'infer'"));
    EXPECT_EQ(count_of(wrong.err, "\n"), 1u);
}

TEST_F(Usage, AnUnknownOptionIsAnsweredWithTheNearest) {
    const Outcome wrong = run({"stats", "--adatta=x.h5ad"});
    EXPECT_EQ(wrong.status, 2);
    EXPECT_THAT(wrong.err, HasSubstr("'--adata'"));
    EXPECT_EQ(count_of(wrong.err, "\n"), 1u);
}

TEST_F(Usage, NothingMissingAndContradictingAreWrongUsage) {
    EXPECT_EQ(run({}).status, 2);
    EXPECT_THAT(run({"infer", "--adata", "x.h5ad"}).err, HasSubstr("--model-dir"));
    EXPECT_EQ(run({"stats", "--adata", "x.h5ad", "--obsm", "a", "--layer", "b"}).status, 2);
    EXPECT_EQ(run({"stats", "--adata", "x.h5ad", "--threshold", "-1"}).status, 2);
    EXPECT_EQ(run({"infer", "--adata", "x.h5ad", "--model-dir", "m", "--device", "tpu"}).status, 2);
    EXPECT_EQ(run({"inspect", "a.h5ad", "b.h5ad"}).status, 2);
}

TEST_F(Usage, WithJsonTheErrorIsJsonOnStandardOutputAlone) {
    const Outcome wrong = run({"stats", "--json"});
    EXPECT_EQ(wrong.status, 2);
    EXPECT_EQ(wrong.err, "");
    const auto error = wrong.json()["error"];
    EXPECT_EQ(error["class"], "Usage");
    EXPECT_THAT(error["message"].get<std::string>(), HasSubstr("--adata"));
    EXPECT_TRUE(error.contains("place") && error.contains("remedy"));
}

TEST_F(Usage, OptionNamesMayHaveUnderscores) {
    const Outcome wrong = run({"infer", "--adata", path("none.h5ad"), "--model_dir", path("none"),
                               "--pert_col=a_b", "--output=x.txt"});
    EXPECT_EQ(wrong.status, 2);
    EXPECT_THAT(wrong.err, HasSubstr(".h5ad or .npy"));
}

TEST_F(Usage, AMissingFileIsNamed) {
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"inspect", path("none.h5ad")}, {"stats", "--adata", path("none.h5ad")}}) {
        const Outcome missing = run(command);
        EXPECT_EQ(missing.status, 3);
        EXPECT_EQ(missing.out, "");
        EXPECT_THAT(missing.err, StartsWith("error: "));
        EXPECT_THAT(missing.err, HasSubstr(path("none.h5ad")));
    }
}

TEST_F(Usage, APathThatTheSystemRefusesIsNamed) {
    const std::string too_long(300, 'a');
    const Outcome outcome = run({"inspect", too_long, "--json"});
    EXPECT_EQ(outcome.status, 3);
    EXPECT_EQ(outcome.error_class(), "CannotRead");
    EXPECT_EQ(outcome.json()["error"]["place"]["file"], too_long);
}

TEST_F(Usage, StandardErrorStaysEmptyWhenItIsNoTerminal) {
    const Outcome quiet = run({"inspect", "--json", EMBER_TEST_DATA "/h5ad/valid/dense_f32.h5ad"});
    EXPECT_EQ(quiet.status, 0);
    EXPECT_EQ(quiet.err, "");
}

} // namespace

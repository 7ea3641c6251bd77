// `inspect` on run directories and checkpoints.

#include <fstream>

#include <gmock/gmock.h>

#include "program.hpp"

namespace {

using ember::test::CliTest;
using ember::test::Outcome;
using testing::HasSubstr;

class InspectModel : public CliTest {};

TEST_F(InspectModel, RunDirectoriesAndCheckpointsAreReported) {
    for (const char* model :
         {EMBER_DEMO_FILES "/st_wound", EMBER_DEMO_FILES "/st_pbmc/checkpoints/final.ckpt",
          EMBER_TEST_DATA "/state/run_tiny"}) {
        SCOPED_TRACE(model);
        const Outcome machine = run({"inspect", model, "--json"});
        EXPECT_EQ(machine.status, 0) << machine.out;
        EXPECT_EQ(machine.err, "");
        EXPECT_TRUE(machine.json().is_object());
        const Outcome people = run({"inspect", model});
        EXPECT_EQ(people.status, 0);
        EXPECT_THAT(people.out, HasSubstr("hidden"));
    }
}

TEST_F(InspectModel, AnEmptyFolderIsNoModel) {
    const Outcome outcome = run({"inspect", folder.string(), "--json"});
    EXPECT_EQ(outcome.status, 3);
    EXPECT_EQ(outcome.json()["error"]["place"]["file"].get<std::string>().find(folder.string()), 0u);
}

TEST_F(InspectModel, AFileThatOnlyLooksLikeACheckpointIsRefused) {
    std::ofstream(path("fake.ckpt")) << "this is not a zip archive";
    const Outcome outcome = run({"inspect", path("fake.ckpt"), "--json"});
    EXPECT_EQ(outcome.status, 3);
    EXPECT_EQ(outcome.error_class(), "NotACheckpoint");
}

} // namespace

// Standard output that is full, and a standard error that is a terminal.

#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include "program.hpp"

namespace {

using ember::test::CliTest;
using ember::test::Outcome;
using testing::HasSubstr;

class Streams : public CliTest {};

TEST_F(Streams, AFullDiskUnderStandardOutputIsSaid) {
    standard_output = "/dev/full";
    const Outcome outcome = run({"inspect", EMBER_TEST_DATA "/h5ad/valid/dense_f32.h5ad"});
    EXPECT_EQ(outcome.status, 4);
    EXPECT_THAT(outcome.err, HasSubstr("disk is full"));
    const Outcome machine = run({"inspect", EMBER_TEST_DATA "/h5ad/valid/dense_f32.h5ad", "--json"});
    EXPECT_EQ(machine.status, 4);
    EXPECT_THAT(machine.err, HasSubstr("disk is full")) << "it cannot be said where it belongs";
}

/// What has arrived at the terminal so far.
std::string read_terminal(int master) {
    std::string text;
    pollfd ready{master, POLLIN, 0};
    while (poll(&ready, 1, 100) == 1 && (ready.revents & POLLIN) != 0) {
        char buffer[4096];
        const ssize_t size = read(master, buffer, sizeof buffer);
        if (size <= 0) {
            break;
        }
        text.append(buffer, static_cast<std::size_t>(size));
    }
    return text;
}

TEST_F(Streams, ATerminalGetsAProgressBar) {
    const int master = posix_openpt(O_RDWR | O_NOCTTY);
    ASSERT_GE(master, 0);
    ASSERT_EQ(grantpt(master), 0);
    ASSERT_EQ(unlockpt(master), 0);
    standard_error = ptsname(master);
    const int held = open(standard_error.c_str(), O_RDWR | O_NOCTTY); // the terminal outlives the program
    const std::vector<std::string> stats = {"stats", "--adata", EMBER_DEMO_FILES "/wound_demo.h5ad",
                                            "--json"};
    const Outcome outcome = run(stats);
    EXPECT_EQ(outcome.status, 0);
    EXPECT_TRUE(outcome.json().contains("overall"));
    const std::string shown = read_terminal(master);
    EXPECT_THAT(shown, HasSubstr("Computing statistics ░"));
    EXPECT_THAT(shown, HasSubstr("4,000 of 4,000 cells"));
    EXPECT_THAT(shown, HasSubstr("cells/s"));
    EXPECT_TRUE(shown.ends_with("\r\033[K")) << "the bar is removed at the end";

    run({"stats", "--quiet", "--adata", EMBER_DEMO_FILES "/wound_demo.h5ad", "--json"});
    EXPECT_EQ(read_terminal(master), "");
    close(held);
    close(master);
}

} // namespace

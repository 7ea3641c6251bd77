// The command line of the window.

#include <gtest/gtest.h>

#include "app/window/arguments.hpp"

namespace ember {
namespace {

TEST(Arguments, FilesAndOptionsInAnyOrder) {
    const Arguments parsed = parseArguments({"a.h5ad", "--demo", "--theme", "dark", "run/"});
    EXPECT_TRUE(parsed.error.isEmpty());
    EXPECT_TRUE(parsed.demo);
    EXPECT_EQ(parsed.theme, "dark");
    EXPECT_EQ(parsed.files, QStringList({"a.h5ad", "run/"}));
}

TEST(Arguments, ValueBehindEqualsSign) {
    EXPECT_EQ(parseArguments({"--screenshot=shot.png"}).screenshot, "shot.png");
}

TEST(Arguments, BehindTwoDashesOnlyFiles) {
    EXPECT_EQ(parseArguments({"--", "--demo"}).files, QStringList("--demo"));
    EXPECT_FALSE(parseArguments({"--", "--demo"}).demo);
}

TEST(Arguments, FaultsAreNamed) {
    EXPECT_TRUE(parseArguments({"--demmo"}).error.contains("--demmo"));
    EXPECT_TRUE(parseArguments({"--screenshot"}).error.contains("needs a value"));
    EXPECT_TRUE(parseArguments({"--theme", "pink"}).error.contains("pink"));
}

TEST(Arguments, HelpNamesEveryOption) {
    for (const char* option : {"--demo", "--theme", "--screenshot", "--version", "--help"}) {
        EXPECT_TRUE(helpText().contains(option)) << option;
    }
}

} // namespace
} // namespace ember

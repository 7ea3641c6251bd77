#include "core/base/atomic_file.hpp"

#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "core/base/error.hpp"

namespace fs = std::filesystem;

namespace {

class AtomicFileTest : public testing::Test {
protected:
    void SetUp() override {
        folder = fs::temp_directory_path() / ("ember-atomic-" + std::to_string(getpid()));
        fs::create_directories(folder);
    }
    void TearDown() override { fs::remove_all(folder); }

    std::size_t files() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
    }
    static std::string read(const fs::path& file) {
        std::ostringstream text;
        text << std::ifstream(file).rdbuf();
        return text.str();
    }

    fs::path folder;
};

TEST_F(AtomicFileTest, WritesAndReplacesWhole) {
    ember::write_file_atomically(folder / "a.csv", "one");
    EXPECT_EQ(read(folder / "a.csv"), "one");
    ember::write_file_atomically(folder / "a.csv", "two and more");
    EXPECT_EQ(read(folder / "a.csv"), "two and more");
    EXPECT_EQ(files(), 1u);
}

TEST_F(AtomicFileTest, WithoutCommitTheOldFileStaysAndNothingElse) {
    ember::write_file_atomically(folder / "a.csv", "old");
    {
        const ember::AtomicFile file(folder / "a.csv");
        std::ofstream(file.temporary()) << "half";
        EXPECT_EQ(files(), 2u);
    }
    EXPECT_EQ(read(folder / "a.csv"), "old");
    EXPECT_EQ(files(), 1u);
}

TEST_F(AtomicFileTest, AProcessThatLeavesAtOnceRemovesItsTemporaries) {
    ember::write_file_atomically(folder / "done.csv", "whole");
    ember::AtomicFile file(folder / "a.csv");
    EXPECT_EQ(files(), 2u);
    ember::remove_temporary_files();
    EXPECT_EQ(files(), 1u);
    EXPECT_EQ(read(folder / "done.csv"), "whole");
    EXPECT_THROW(file.commit(), ember::Error);
}

TEST_F(AtomicFileTest, PermissionsFollowTheUmask) {
    const mode_t before = umask(027);
    ember::write_file_atomically(folder / "a.csv", "x");
    umask(before);
    struct stat status {};
    ASSERT_EQ(stat((folder / "a.csv").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777u, 0640u);
}

TEST_F(AtomicFileTest, MissingFolderIsExplained) {
    try {
        ember::write_file_atomically(folder / "no" / "a.csv", "x");
        FAIL() << "writing into a missing folder succeeded";
    } catch (const ember::Error& error) {
        EXPECT_EQ(error.class_name(), "CannotWrite");
        EXPECT_NE(std::string(error.what()).find("a.csv"), std::string::npos);
        EXPECT_FALSE(error.remedy().empty());
    }
}

} // namespace

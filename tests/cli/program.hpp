#pragma once
// Runs emberview-cli in a process of its own, in a folder of its own.

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace ember::test {

struct Outcome {
    int status = -1; ///< exit status; 128 + n when signal n ended it
    std::string out, err;
    long peak_kib = 0; ///< largest resident memory
    double seconds = 0;

    /// Standard output as JSON; fails the test (and is null) when it is anything else.
    nlohmann::json json() const;
    /// The class in {"error": …}; empty when there is none.
    std::string error_class() const;
};

/// A test with an empty folder, removed afterwards.
class CliTest : public testing::Test {
protected:
    void SetUp() override;
    void TearDown() override;

    /// Runs the program to its end.
    Outcome run(const std::vector<std::string>& arguments) const;

    /// Starts the program; end_of() waits for it.
    pid_t start(const std::vector<std::string>& arguments) const;
    Outcome end_of(pid_t process) const;

    std::string path(const std::string& name) const { return (folder / name).string(); }

    std::filesystem::path folder;
    std::string standard_output, standard_error; ///< files to write to instead, when set
};

std::string content_of(const std::filesystem::path& file);
std::size_t count_of(const std::string& text, const std::string& part);

/// Names of the entries of a folder, sorted; empty when it does not exist.
std::vector<std::string> entries_of(const std::filesystem::path& folder);

} // namespace ember::test

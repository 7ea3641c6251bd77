#pragma once
// An empty folder per test, and small files of cells in it.

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/base/error.hpp"

namespace ember::test {

class ScratchTest : public testing::Test {
protected:
    void SetUp() override;
    void TearDown() override;

    std::filesystem::path write(const std::string& name, const std::string& text) const;

    /// Columns of labels by name; a matrix X of 3 genes and, where asked, embeddings of width 4.
    std::filesystem::path
    write_cells(const std::string& name,
                const std::vector<std::pair<std::string, std::vector<std::string>>>& obs,
                const std::vector<std::string>& obsm = {}) const;

    std::filesystem::path folder;
};

/// The error that `work` throws; fails the test when it throws none.
template<typename Work>
Error error_of(Work&& work) {
    try {
        work();
    } catch (const Error& error) {
        return error;
    }
    ADD_FAILURE() << "nothing was thrown";
    return Error("None", "");
}

} // namespace ember::test

#pragma once
// What the tests of predictions share: requests on the fixtures, a scratch folder, a listener.

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "core/base/engine.hpp"

namespace ember::test {

inline const std::filesystem::path state = std::filesystem::path(EMBER_TEST_DATA) / "state";
inline const std::filesystem::path demo = EMBER_DEMO;

/// A folder of the running test, removed with it.
class Scratch {
public:
    Scratch()
        : path_(std::filesystem::temp_directory_path() /
                (std::string("ember-") + testing::UnitTest::GetInstance()->current_test_info()->name() + "-" +
                 std::to_string(getpid()))) {
        std::filesystem::create_directories(path_);
    }
    ~Scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

struct Listener final : JobListener {
    void on_progress(const Progress& progress) override { reports.push_back(progress); }
    void on_log(LogLevel level, std::string_view text) override {
        if (level == LogLevel::warning) {
            warnings.emplace_back(text);
        }
    }
    std::vector<Progress> reports;
    std::vector<std::string> warnings;
};

inline InferRequest tiny_request() {
    InferRequest request;
    request.adata = state / "tiny.h5ad";
    request.model_dir = state / "run_tiny";
    request.embed_key = "X_hvg";
    request.pert_col = "gene";
    request.celltype_col = "cell_type";
    request.batch_col = "gem_group";
    request.control_pert = "control";
    return request;
}

inline InferResult infer(const InferRequest& request) {
    JobContext job;
    return engine().infer(request, job);
}

/// The class of the error that `request` ends in, and its text; "" when it succeeds.
struct Failure {
    std::string class_name, text;
};
Failure failure(const InferRequest& request);

/// tiny.h5ad with some obs labels replaced, written to `target`.
void write_relabelled(const std::filesystem::path& target, const std::string& from, const std::string& to);

/// Largest absolute difference of the first expected.size() numbers.
double worst_difference(const std::vector<float>& actual, const std::vector<double>& expected);

} // namespace ember::test

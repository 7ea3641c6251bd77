#pragma once
// What the tests of whole runs share: a tiny configuration, a scratch folder, checkpoints compared.

#include <filesystem>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/base/engine.hpp"
#include "core/base/error.hpp"
#include "core/run/metrics_log.hpp"

namespace ember::test {

/// A folder of the running test, removed with it.
class Scratch {
public:
    Scratch();
    ~Scratch();
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

/// fixtures' run_tiny: tiny.h5ad, 400 steps; with absolute paths.
nlohmann::json tiny_config();
/// A fraction of it, for tests of the loop: 24 wide, one layer, `steps` steps, validation every 10.
nlohmann::json short_config(std::int64_t steps);

TrainRequest train_request(const nlohmann::json& config, const std::filesystem::path& run,
                           bool resume = false);
TrainResult train(const TrainRequest& request);
/// The class of the error that training ends in; "" when it succeeds.
std::string failure_of(const TrainRequest& request);

/// Bytes of all weights and moments.
std::string trained_bytes(const std::filesystem::path& checkpoint);
std::vector<MetricsRow> metrics_of(const std::filesystem::path& run);

} // namespace ember::test

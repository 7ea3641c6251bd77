// The door between the programs and the engine library.

#include <cmath>
#include <stdexcept>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/base/matmul.hpp"
#include "core/data/h5ad_writer.hpp"
#include "infer_case.hpp"

using namespace ember;
using namespace ember::test;

namespace ember::test {

Failure failure(const InferRequest& request) {
    try {
        infer(request);
    } catch (const Error& error) {
        return {error.class_name(), error.what()};
    }
    return {};
}

void write_relabelled(const std::filesystem::path& target, const std::string& from, const std::string& to) {
    const auto data = AnnData::open(state / "tiny.h5ad");
    Column column = *data->obs("gene");
    for (std::string& level : std::get<CategoricalColumn>(column.data).categories) {
        level = level == from ? to : level;
    }
    JobContext job;
    H5adCopy copy(*data, target, {}, job);
    copy.set_obs(column);
    copy.finish();
}

double worst_difference(const std::vector<float>& actual, const std::vector<double>& expected) {
    double worst = actual.size() < expected.size() ? HUGE_VAL : 0;
    for (std::size_t i = 0; i < std::min(actual.size(), expected.size()); ++i) {
        const double difference = std::abs(actual[i] - expected[i]);
        worst = difference <= worst ? worst : difference;
    }
    return worst;
}

} // namespace ember::test

TEST(EngineDoor, LoadsOnceFromSeveralThreads) {
    Engine* first = nullptr;
    Engine* second = nullptr;
    {
        const std::jthread one([&] { first = &engine(); }), two([&] { second = &engine(); });
    }
    EXPECT_EQ(first, second);
    EXPECT_EQ(first, &engine());
    EXPECT_TRUE(engine_loaded());
}

TEST(EngineDoor, SaysWhatItIs) {
    const EngineInfo info = engine().info();
    EXPECT_THAT(info.libtorch_version, testing::StartsWith("2."));
    EXPECT_EQ(info.device, "CPU");
    EXPECT_GE(info.threads, 1);
}

TEST(EngineDoor, ErrorsOfTheEngineAreCaughtByTheirOwnClass) {
    InferRequest request = tiny_request();
    request.adata = state / "absent.h5ad";
    JobContext job;
    EXPECT_THROW(engine().infer(request, job), Error);
    request = tiny_request();
    request.model_dir = std::string(300, 'a');
    EXPECT_EQ(failure(request).class_name, "CannotRead");
    request = tiny_request();
    request.device = "abacus";
    EXPECT_THROW(engine().infer(request, job), UsageError);
    std::stop_source stop;
    stop.request_stop();
    JobContext stopped(nullptr, stop.get_token());
    EXPECT_THROW(engine().infer(tiny_request(), stopped), Cancelled);
}

TEST(EngineDoor, ProductsGoThroughLibTorchAfterwards) {
    engine();
    constexpr std::int64_t m = 7, n = 5, k = 33;
    std::vector<float> a(m * k), b(k * n), c(m * n), expected(m * n);
    for (std::size_t i = 0; i < a.size(); ++i) {
        a[i] = std::sin(static_cast<float>(i));
    }
    for (std::size_t i = 0; i < b.size(); ++i) {
        b[i] = std::cos(static_cast<float>(i));
    }
    matmul(m, n, k, a.data(), b.data(), c.data());
    matmul_portable(m, n, k, a.data(), b.data(), expected.data());
    for (std::size_t i = 0; i < c.size(); ++i) {
        EXPECT_NEAR(c[i], expected[i], 1e-4);
    }
}

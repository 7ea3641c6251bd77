// Hyper-connections: doubly stochastic matrices, one block against the fixtures, the start that changes
// nothing.

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/log.h>
#include <gtest/gtest.h>

#include "core/training/hyper_connections.hpp"
#include "tests/core/training/tensor_fixtures.hpp"

using namespace ember;

namespace {

/// The fixtures' block: F(y) = gelu(y Wfᵀ) Ufᵀ.
at::Tensor block(const nlohmann::json& fixture, const at::Tensor& y) {
    return at::mm(at::gelu(at::mm(y, to_tensor(fixture.at("Wf")).t())), to_tensor(fixture.at("Uf")).t());
}

HyperMixer paper_mixer(const nlohmann::json& fixture) {
    HyperMixer mixer;
    mixer.streams.norm_weight = to_tensor(fixture.at("rms_weight"));
    mixer.streams.phi_weight = at::cat({to_tensor(fixture.at("phi_pre")), to_tensor(fixture.at("phi_post")),
                                        to_tensor(fixture.at("phi_res"))},
                                       1)
                                   .t()
                                   .contiguous();
    mixer.streams.phi_bias = at::cat({to_tensor(fixture.at("b_pre")), to_tensor(fixture.at("b_post")),
                                      to_tensor(fixture.at("b_res")).view({-1})});
    mixer.streams.alpha = to_tensor(fixture.at("alpha"));
    return mixer;
}

at::Tensor through(const HyperMixer& mixer, const nlohmann::json& fixture, const at::Tensor& x,
                   std::int64_t iterations) {
    const MixedInput mixed = mix_before(mixer, x, iterations);
    return mix_after(mixer, mixed, block(fixture, mixed.input));
}

at::Tensor leaf(const at::Tensor& values) {
    return values.detach().clone().requires_grad_();
}

} // namespace

TEST(DoublyStochastic, AgreesWithTheFixtures) {
    const auto cases = read_json(test_data("training/sinkhorn.json")).at("cases");
    for (const auto& example : cases) {
        const at::Tensor logits = to_tensor(example.at("logits"));
        int compared = 0;
        for (const char* form :
             {"paper_cols_then_rows", "log_domain_cols_then_rows", "seed_rows_then_cols"}) {
            const bool seed = std::string(form).starts_with("seed");
            if (!example.contains(form)) {
                continue; // where the plain form fails
            }
            for (const auto& [count, expected] : example.at(form).items()) {
                const std::string what = example.at("name").get<std::string>() + ' ' + form + ' ' + count;
                const std::int64_t iterations = std::stoll(count);
                const auto scale = [&](const at::Tensor& at) {
                    return seed ? doubly_stochastic_rows_first(at, iterations)
                                : doubly_stochastic(at, iterations);
                };
                const at::Tensor m = scale(logits);
                EXPECT_LE(largest_difference(m, to_tensor(expected.at("M"))), 1e-12) << what;
                const MarginErrors errors = margin_errors(m);
                EXPECT_NEAR(errors.row, to_number(expected.at("row_err")), 1e-12) << what;
                EXPECT_NEAR(errors.column, to_number(expected.at("col_err")), 1e-12) << what;
                if (expected.contains("grad_logits_of_sum_C_times_M")) {
                    const at::Tensor weights = to_tensor(example.at("C"));
                    const at::Tensor gradient = automatic_gradient(
                        [&](const at::Tensor& at) { return (weights * scale(at)).sum(); }, logits);
                    EXPECT_LE(
                        largest_difference(gradient, to_tensor(expected.at("grad_logits_of_sum_C_times_M"))),
                        1e-9)
                        << what;
                }
                ++compared;
            }
        }
        EXPECT_GE(compared, 5) << example.at("name");
    }
}

TEST(DoublyStochastic, LogarithmsGiveWhatThePlainFormGives) {
    // Adding a number to all logits changes nothing, but carries them over the limit.
    const at::Tensor logits = random_tensor({5, 4, 4}, 1) * 3, far = logits + 40;
    EXPECT_LE(largest_difference(doubly_stochastic(logits, 7), doubly_stochastic(far, 7)), 1e-13);
    const at::Tensor weights = random_tensor({5, 4, 4}, 2);
    const auto f = [&](const at::Tensor& at) { return (weights * doubly_stochastic(at, 7)).sum(); };
    EXPECT_LE(largest_difference(automatic_gradient(f, logits), automatic_gradient(f, far)), 1e-12);
}

TEST(DoublyStochastic, GradientsAreThoseOfTheIteration) {
    const at::Tensor logits = random_tensor({2, 3, 3}, 3), weights = random_tensor({2, 3, 3}, 4);
    for (const bool rows_first : {false, true}) {
        const auto f = [&](const at::Tensor& at) {
            return (weights * (rows_first ? doubly_stochastic_rows_first(at, 3) : doubly_stochastic(at, 3)))
                .sum();
        };
        const auto number = [&](const at::Tensor& at) { return f(at).item<double>(); };
        EXPECT_LE(largest_difference(automatic_gradient(f, logits), numeric_gradient(number, logits)), 1e-8);
    }
}

TEST(HyperConnections, OneBlockIsThePapers) {
    const auto fixture = read_json(test_data("training/mhc.json")).at("paper");
    const HyperMixer mixer = paper_mixer(fixture);
    const at::Tensor x = to_tensor(fixture.at("X"));
    const MixedInput mixed = mix_before(mixer, x, 20);
    EXPECT_LE(largest_difference(mixed.res, to_tensor(fixture.at("H_res"))), 1e-10);
    EXPECT_LE(largest_difference(mixed.post, to_tensor(fixture.at("H_post"))), 1e-10);
    EXPECT_LE(largest_difference(block(fixture, mixed.input), to_tensor(fixture.at("F_out"))), 1e-10);
    EXPECT_LE(largest_difference(through(mixer, fixture, x, 20), to_tensor(fixture.at("out"))), 1e-10);
    EXPECT_LE(largest_difference(through(mixer, fixture, x, 10), to_tensor(fixture.at("out_tmax10"))), 1e-10);
    const at::Tensor weights = to_tensor(fixture.at("R"));
    const at::Tensor gradient = automatic_gradient(
        [&](const at::Tensor& at) { return (weights * through(mixer, fixture, at, 20)).sum(); }, x);
    EXPECT_LE(largest_difference(gradient, to_tensor(fixture.at("grad_X_of_sum_R_out"))), 1e-9);
}

TEST(HyperConnections, OneBlockOfFeaturesIsTheSeeds) {
    const auto fixture = read_json(test_data("training/mhc.json")).at("seed_fork");
    HyperMixer mixer;
    const auto before_softplus = [&](const char* name) {
        return at::log(to_tensor(fixture.at(name)).expm1());
    };
    mixer.features = {to_tensor(fixture.at("logits_res")), before_softplus("H_pre"),
                      before_softplus("H_post")};
    const at::Tensor x = to_tensor(fixture.at("x"));
    EXPECT_LE(largest_difference(mix_before(mixer, x, 10).res, to_tensor(fixture.at("H_res"))), 1e-10);
    EXPECT_LE(largest_difference(through(mixer, fixture, x, 10), to_tensor(fixture.at("out"))), 1e-10);
}

TEST(HyperConnections, GradientsOfTheParametersAreThoseOfTheBlock) {
    const auto fixture = read_json(test_data("training/mhc.json")).at("paper");
    const at::Tensor x = to_tensor(fixture.at("X")), weights = to_tensor(fixture.at("R"));
    const HyperMixer plain = paper_mixer(fixture);
    for (at::Tensor StreamMixer::*part :
         {&StreamMixer::norm_weight, &StreamMixer::phi_bias, &StreamMixer::alpha, &StreamMixer::phi_weight}) {
        const auto f = [&](const at::Tensor& at) {
            HyperMixer mixer = plain;
            mixer.streams.*part = at;
            return (weights * through(mixer, fixture, x, 20)).sum();
        };
        const auto number = [&](const at::Tensor& at) { return f(at).item<double>(); };
        EXPECT_LE(largest_difference(automatic_gradient(f, plain.streams.*part),
                                     numeric_gradient(number, plain.streams.*part)),
                  1e-7);
    }
}

TEST(HyperConnections, EqualStreamsStayTheResidualStreamAtTheStart) {
    const at::Tensor x = random_tensor({7, 12}, 5).to(at::kFloat),
                     w = random_tensor({12, 12}, 6).to(at::kFloat);
    for (const std::int64_t streams : {1, 2, 4, 5}) {
        HyperConnectionSettings settings;
        settings.streams = streams;
        at::Tensor carried = open_streams(x, streams), expected = x;
        for (std::int64_t number = 0; number < 6; ++number) {
            const HyperMixer mixer = fresh_mixer(12, number, settings);
            const MixedInput mixed = mix_before(mixer, carried, 20);
            carried = mix_after(mixer, mixed, at::mm(mixed.input, w).tanh());
            expected = expected + at::mm(expected, w).tanh();
            EXPECT_LE(margin_errors(mixed.res).column, 1e-6);
        }
        EXPECT_LE(largest_difference(close_streams(carried), expected), 2e-5) << streams;
    }
}

TEST(HyperConnections, StreamsPartWhenTrained) {
    HyperConnectionSettings settings;
    const at::Tensor x = random_tensor({7, 12}, 7).to(at::kFloat);
    HyperMixer first = fresh_mixer(12, 0, settings), second = fresh_mixer(12, 1, settings);
    first.streams.phi_bias = leaf(first.streams.phi_bias);
    first.streams.phi_weight = leaf(first.streams.phi_weight);
    at::Tensor carried = open_streams(x, 4);
    for (const HyperMixer* mixer : {&first, &second}) {
        const MixedInput mixed = mix_before(*mixer, carried, 20);
        carried = mix_after(*mixer, mixed, mixed.input.tanh());
    }
    close_streams(carried).square().sum().backward();
    const at::Tensor gradient = first.streams.phi_bias.grad().narrow(0, 4, 4); // of H_post
    EXPECT_GT((gradient - gradient.mean()).abs().max().item<double>(), 1e-4);
    EXPECT_GT(first.streams.phi_weight.grad().abs().max().item<double>(), 0);
}

TEST(HyperConnections, FeaturesStartNearTheIdentity) {
    HyperConnectionSettings settings;
    settings.form = HyperConnection::seed;
    const HyperMixer mixer = fresh_mixer(32, 0, settings);
    const at::Tensor x = random_tensor({5, 32}, 8).to(at::kFloat);
    const MixedInput mixed = mix_before(mixer, x, 10);
    EXPECT_LE(largest_difference(mixed.res, at::eye(32)), 1e-3);
    EXPECT_LE(largest_difference(mix_after(mixer, mixed, mixed.input.tanh()), x + x.tanh()), 5e-3);
}

TEST(HyperConnections, ParametersHaveTheirNames) {
    HyperConnectionSettings settings;
    const std::string prefix = "transformer_backbone.layers.1.mhc_attn.";
    const auto streams = mixer_parameters(fresh_mixer(8, 0, settings), prefix);
    ASSERT_EQ(streams.size(), 4U);
    EXPECT_EQ(streams[1].name, prefix + "phi.weight");
    EXPECT_EQ(streams[1].shape, (std::vector<std::int64_t>{24, 32}));
    settings.form = HyperConnection::seed;
    EXPECT_EQ(mixer_parameters(fresh_mixer(8, 0, settings), prefix).size(), 3U);
}

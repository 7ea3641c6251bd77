// What must hold for any weights: symmetry of cells, independence of sets, true gradients, repeatable
// dropout.

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/flip.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/tensor.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "tests/core/training/fixture_network.hpp"

using namespace ember;

namespace {

const DropoutKey evaluation{0, 0, 0, false};

/// Gradients of all trained parameters, in order; undefined ones are left out.
std::vector<at::Tensor> gradients(FixtureNetwork& fixture) {
    std::vector<at::Tensor> all;
    for (const NetworkParameter& parameter : fixture.network->parameters()) {
        if (parameter.trained() && parameter.value.grad().defined()) {
            all.push_back(parameter.value.grad().clone());
        }
    }
    return all;
}

void expect_same_bits(const std::vector<at::Tensor>& a, const std::vector<at::Tensor>& b) {
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        EXPECT_TRUE(a[i].equal(b[i])) << i;
    }
}

void with_dropout(NetworkSettings& settings) {
    settings.dropout = 0.25;
    settings.decoder_dropout = 0.25;
    settings.lora.dropout = 0.25;
}

/// A smooth number that everything the network gives goes into, added up in double.
at::Tensor probe(FixtureNetwork& fixture) {
    const NetworkOutput output = fixture.network->forward(fixture.input, evaluation, fixture.job);
    const auto weighed = [](const at::Tensor& x, std::uint64_t seed) {
        return (x.to(at::kDouble) * random_tensor(x.sizes().vec(), seed)).sum();
    };
    at::Tensor sum = weighed(output.prediction, 1);
    if (output.confidence.defined()) {
        sum = sum + weighed(output.confidence, 2);
    }
    if (output.batch_logits.defined()) {
        sum = sum + weighed(output.batch_logits, 3);
    }
    if (fixture.network->config().gene_decoder) {
        sum = sum + weighed(fixture.network->decode_genes(output.prediction, evaluation, fixture.job), 4);
    }
    return sum;
}

/// The probe's slope when a parameter moves along `direction` of length one.
double slope(FixtureNetwork& fixture, at::Tensor& value, const at::Tensor& direction) {
    const at::NoGradGuard off;
    constexpr double step = 1e-3;
    const at::Tensor before = value.detach().clone();
    const auto at_distance = [&](double distance) {
        value.copy_(before);
        value.add_(direction, distance);
        return probe(fixture).item<double>();
    };
    const double above = at_distance(step), below = at_distance(-step);
    value.copy_(before);
    return (above - below) / (2 * step);
}

} // namespace

TEST(NetworkProperties, CellsOfASetMayStandInAnyOrder) {
    for (const char* name : {"base", "confidence_and_batch_token", "gqa_head16", "batch_encoder"}) {
        FixtureNetwork fixture(name);
        const at::NoGradGuard off;
        const NetworkInput one = first_sets(fixture.input, 1, fixture.input.set_len);
        const at::Tensor order = at::flip(at::Tensor(at::tensor({0, 1, 2, 3, 4, 5, 6, 7}, at::kLong)), {0});
        NetworkInput turned = one;
        turned.basal = at::index_select(one.basal, 0, order);
        turned.pert = at::index_select(one.pert, 0, order);
        turned.batch = at::index_select(one.batch, 0, order);
        const auto straight = fixture.network->forward(one, evaluation, fixture.job).prediction;
        const auto back = fixture.network->forward(turned, evaluation, fixture.job).prediction;
        EXPECT_LE(largest_difference(at::index_select(straight, 0, order), back), 1e-5) << name;
    }
}

TEST(NetworkProperties, ASetDoesNotSeeTheOthers) {
    for (const char* name : {"base", "causal_rope", "confidence_and_batch_token", "mask_attn"}) {
        FixtureNetwork fixture(name);
        const at::NoGradGuard off;
        const std::int64_t length = fixture.input.set_len;
        const auto both = fixture.network->forward(fixture.input, evaluation, fixture.job);
        const auto alone =
            fixture.network->forward(first_sets(fixture.input, 1, length), evaluation, fixture.job);
        EXPECT_LE(largest_difference(both.prediction.narrow(0, 0, length), alone.prediction), 1e-5) << name;
    }
}

TEST(NetworkProperties, EqualPerturbationsMayShareARow) {
    FixtureNetwork fixture("base");
    const at::NoGradGuard off;
    NetworkInput input = fixture.input;
    const at::Tensor row = input.pert_rows.narrow(0, 0, 1);
    input.pert_rows = row.repeat({input.basal.size(0), 1});
    const auto apart = fixture.network->forward(input, evaluation, fixture.job).prediction;
    input.pert_rows = row;
    input.pert = input.pert.mul(0);
    const auto shared = fixture.network->forward(input, evaluation, fixture.job).prediction;
    EXPECT_LE(largest_difference(apart, shared), 1e-5);
}

TEST(NetworkProperties, GradientsAreTheSlopes) {
    for (const char* name : {"base", "confidence_and_batch_token", "causal_rope", "gqa_head16",
                             "lora_r4_mlp_frozen", "residual_decoder", "space_all_residual"}) {
        FixtureNetwork fixture(name, {}, false);
        torch::autograd::backward({probe(fixture)});
        int compared = 0;
        for (NetworkParameter& parameter : fixture.network->parameters()) {
            if (!parameter.trained() || !parameter.value.grad().defined()) {
                continue;
            }
            // Along the gradient itself the slope is its length; the decoder's ReLU has kinks.
            const at::Tensor gradient = parameter.value.grad().clone();
            const double length = gradient.to(at::kDouble).norm().item<double>();
            if (length > 0.01) {
                ++compared;
                EXPECT_NEAR(slope(fixture, parameter.value, gradient / length), length, 0.02 * length + 5e-3)
                    << name << ' ' << parameter.name;
            }
        }
        EXPECT_GT(compared, 15) << name;
    }
}

TEST(NetworkProperties, CheckpointingChangesNoBitOfTheGradients) {
    for (const char* name : {"base", "lora_r4_mlp_frozen", "causal_rope", "confidence_and_batch_token"}) {
        std::vector<std::vector<at::Tensor>> both;
        for (const bool again : {false, true}) {
            FixtureNetwork fixture(name, [again](NetworkSettings& settings) {
                with_dropout(settings);
                settings.gradient_checkpointing = again;
            });
            fixture.run({7, 3, 1, true});
            both.push_back(gradients(fixture));
        }
        EXPECT_GT(both[0].size(), 10u);
        expect_same_bits(both[0], both[1]);
    }
}

TEST(NetworkProperties, DropoutFollowsItsKeyOnly) {
    FixtureNetwork fixture("lora_r4", with_dropout);
    const at::NoGradGuard off;
    const auto predict = [&](const DropoutKey& key) {
        return fixture.network->forward(fixture.input, key, fixture.job).prediction;
    };
    const at::Tensor first = predict({7, 3, 1, true});
    EXPECT_TRUE(first.equal(predict({7, 3, 1, true})));
    EXPECT_GT(largest_difference(first, predict({8, 3, 1, true})), 1e-3);
    EXPECT_GT(largest_difference(first, predict({7, 4, 1, true})), 1e-3);
    EXPECT_GT(largest_difference(first, predict({7, 3, 2, true})), 1e-3);
    EXPECT_GT(largest_difference(first, predict({7, 3, 1, false})), 1e-3);
}

TEST(NetworkProperties, GradientsOfMicroBatchesAddUp) {
    FixtureNetwork fixture("base");
    at::set_num_threads(2);
    fixture.run();
    const std::vector<at::Tensor> once = gradients(fixture);
    fixture.run();
    const std::vector<at::Tensor> twice = gradients(fixture);
    for (std::size_t i = 0; i < once.size(); ++i) {
        EXPECT_LE(largest_difference(twice[i], once[i] * 2), 1e-5);
    }
    fixture.clear_gradients();
    fixture.run();
    expect_same_bits(once, gradients(fixture));
}

TEST(NetworkProperties, BfloatProductsStayClose) {
    FixtureNetwork exact("base"),
        half("base", [](NetworkSettings&settings) { settings.precision = TrainPrecision::bfloat16; });
    const double loss = exact.run().total.item<double>();
    EXPECT_NEAR(half.run().total.item<double>(), loss, 0.02 * loss);
    const auto a = gradients(exact), b = gradients(half);
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double norm = a[i].norm().item<double>();
        EXPECT_LE((b[i] - a[i]).norm().item<double>(), 0.05 * norm + 1e-4) << i;
        EXPECT_EQ(b[i].scalar_type(), at::kFloat);
    }
}

TEST(NetworkProperties, CancelIsHeardInBothDirections) {
    for (const bool again : {false, true}) {
        FixtureNetwork fixture(
            "base", [again](NetworkSettings& settings) { settings.gradient_checkpointing = again; });
        fixture.run();
        const std::vector<at::Tensor> expected = gradients(fixture);
        fixture.clear_gradients();
        std::stop_source stop;
        JobContext job(nullptr, stop.get_token());
        {
            const NetworkOutput output = fixture.network->forward(fixture.input, evaluation, job);
            const at::Tensor sum = output.prediction.sum();
            stop.request_stop();
            EXPECT_THROW(fixture.network->forward(fixture.input, evaluation, job), Cancelled);
            EXPECT_THROW(torch::autograd::backward({sum}), Cancelled);
        }
        fixture.clear_gradients();
        fixture.run();
        expect_same_bits(expected, gradients(fixture));
    }
}

TEST(NetworkProperties, FreshHyperConnectionsKeepWhatABackboneComputes) {
    FixtureNetwork plain("base"), mixed("base", [](NetworkSettings&settings) { settings.mhc.enable = true; });
    plain.run();
    mixed.run();
    const at::NoGradGuard off;
    const auto expected = plain.network->forward(plain.input, evaluation, plain.job).prediction;
    const auto actual = mixed.network->forward(mixed.input, evaluation, mixed.job).prediction;
    EXPECT_LE(largest_difference(actual, expected), 1e-4);
    int mixers = 0;
    for (const NetworkParameter& parameter : mixed.network->parameters()) {
        if (parameter.name.find(".mhc_") != std::string::npos) {
            ++mixers;
            EXPECT_TRUE(parameter.trained() && parameter.value.grad().defined()) << parameter.name;
        } else if (parameter.trained()) {
            EXPECT_LE(largest_difference(parameter.value.grad(), plain.network->find(parameter.name)->grad()),
                      1e-3)
                << parameter.name;
        }
    }
    EXPECT_EQ(mixers, 2 * 2 * 4);
}

TEST(NetworkProperties, HyperConnectionsMayBeRunAgainAndFrozenAround) {
    for (const HyperConnection form : {HyperConnection::paper, HyperConnection::seed}) {
        std::vector<std::vector<at::Tensor>> both;
        for (const bool again : {false, true}) {
            FixtureNetwork fixture("base", [&](NetworkSettings& settings) {
                settings.mhc.enable = true;
                settings.mhc.form = form;
                settings.freeze_backbone = true;
                settings.gradient_checkpointing = again;
            });
            fixture.run();
            both.push_back(gradients(fixture));
        }
        expect_same_bits(both[0], both[1]);
        EXPECT_GT(both[0].size(), 10u);
    }
}

// Losses between sets: arc-state's numbers, derivatives by differences, and properties.

#include <cmath>
#include <limits>
#include <numeric>

#include <ATen/TensorOperators.h>
#include <ATen/ops/index_select.h>
#include <ATen/ops/isfinite.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>
#include <gtest/gtest.h>

#include "core/training/losses.hpp"
#include "tests/core/training/tensor_fixtures.hpp"

using namespace ember;

namespace {

LossSettings of_kind(SetLoss loss, double blur = 0.05, KernelDistance distance = KernelDistance::energy) {
    LossSettings settings;
    settings.loss = loss;
    settings.blur = blur;
    settings.distance = distance;
    return settings;
}

at::Tensor losses(const at::Tensor& x, const at::Tensor& y, const LossSettings& settings) {
    CounterRandom chunks(1, {});
    return set_losses(x, y, settings, chunks, true).main;
}

struct Named {
    std::string name;
    LossSettings settings;
    double tolerance;
};

std::vector<Named> fixture_losses() {
    LossSettings chunked = of_kind(SetLoss::energy);
    chunked.chunks = 3;
    return {{"energy_blur0.05", of_kind(SetLoss::energy), 5e-4},
            {"gaussian_blur0.5", of_kind(SetLoss::energy, 0.5, KernelDistance::gaussian), 5e-4},
            {"gaussian_blur5", of_kind(SetLoss::energy, 5, KernelDistance::gaussian), 5e-4},
            {"laplacian_blur5", of_kind(SetLoss::energy, 5, KernelDistance::laplacian), 5e-4},
            {"sinkhorn_blur0.05", of_kind(SetLoss::sinkhorn), 2e-3},
            {"sinkhorn_blur1", of_kind(SetLoss::sinkhorn, 1), 2e-3},
            {"se_combined_sinkhorn0.01_energy1", of_kind(SetLoss::se), 5e-4},
            {"energy_mmd_num_chunks3", chunked, 5e-4}};
}

const std::vector<Named> differentiable = {
    {"energy", of_kind(SetLoss::energy), 2e-8},
    {"gaussian", of_kind(SetLoss::energy, 2, KernelDistance::gaussian), 2e-8},
    {"laplacian", of_kind(SetLoss::energy, 2, KernelDistance::laplacian), 2e-8},
    {"mse", of_kind(SetLoss::mse), 2e-8}};

} // namespace

TEST(Losses, AgreeWithArcState) {
    const auto expected =
        read_json(test_data("state/stages/losses_and_grads.json")).at("losses_pred_vs_target");
    const at::Tensor x = npy_tensor(test_data("state/stages/stage_final.npy")).view({2, 16, -1}),
                     y = npy_tensor(test_data("state/stages/in_pert_cell_emb.npy")).view({2, 16, -1});
    for (const Named& loss : fixture_losses()) {
        const at::Tensor in_float = losses(x.to(at::kFloat), y.to(at::kFloat), loss.settings);
        EXPECT_LE(largest_difference(in_float, to_tensor(expected.at(loss.name).at("per_set"))),
                  loss.tolerance)
            << loss.name;
        if (expected.contains(loss.name + "_f64")) {
            const at::Tensor in_double = losses(x, y, loss.settings);
            EXPECT_LE(largest_difference(in_double, to_tensor(expected.at(loss.name + "_f64").at("per_set"))),
                      1e-9)
                << loss.name;
        }
    }
    const at::Tensor mse = mean_of_sets(losses(x, y, of_kind(SetLoss::mse)));
    EXPECT_NEAR(mse.item<double>(), expected.at("mse_f64").at("mean").get<double>(), 1e-9);
}

TEST(Losses, AgreeWithGeomlossForSetsOfOtherSizes) {
    for (const auto& example : read_json(test_data("analysis/distances.json")).at("cases")) {
        const std::string name = example.at("name");
        const at::Tensor x = to_tensor(example.at("x")).unsqueeze(0),
                         y = to_tensor(example.at("y")).unsqueeze(0);
        const auto energy = [&](const at::Tensor& at) {
            return kernel_loss(at, y, KernelDistance::energy, 0.05).sum();
        };
        EXPECT_NEAR(energy(x).item<double>(), to_number(example.at("geomloss_energy")), 1e-9) << name;
        EXPECT_LE(largest_difference(automatic_gradient(energy, x).squeeze(0),
                                     to_tensor(example.at("geomloss_energy_grad_x"))),
                  1e-9)
            << name;
        const double sinkhorn = to_number(example.at("geomloss_sinkhorn_p2_blur05"));
        EXPECT_NEAR(sinkhorn_divergence(x, y, 0.05).item<double>(), sinkhorn,
                    1e-9 + 1e-4 * std::abs(sinkhorn))
            << name;
    }
}

TEST(Losses, GradientsAreThoseOfTheFormula) {
    const at::Tensor x = random_tensor({2, 5, 4}, 1), y = random_tensor({2, 5, 4}, 2);
    const at::Tensor weights = at::tensor({1.0, -0.5}, at::kDouble); // sets of unequal say
    for (const Named& loss : differentiable) {
        const auto of_x = [&](const at::Tensor& at) {
            return (weights * losses(at, y, loss.settings)).sum();
        };
        const auto of_y = [&](const at::Tensor& at) {
            return (weights * losses(x, at, loss.settings)).sum();
        };
        for (const auto& [f, point] :
             {std::pair<std::function<at::Tensor(const at::Tensor&)>, at::Tensor>{of_x, x}, {of_y, y}}) {
            const auto number = [&f = f](const at::Tensor& at) { return f(at).template item<double>(); };
            EXPECT_LE(largest_difference(automatic_gradient(f, point), numeric_gradient(number, point)),
                      loss.tolerance)
                << loss.name;
        }
    }
}

// At convergence the potentials' own change has no effect to first order, so the last step's gradient is the
// divergence's.
TEST(Losses, SinkhornGradientIsTheDivergencesWhereItConverges) {
    const at::Tensor x = random_tensor({1, 4, 3}, 3) * 0.1, y = random_tensor({1, 4, 3}, 4) * 0.1;
    const auto f = [&](const at::Tensor& at) { return sinkhorn_divergence(at, y, 2.0).sum(); };
    const auto number = [&](const at::Tensor& at) { return f(at).item<double>(); };
    const at::Tensor expected = numeric_gradient(number, x);
    EXPECT_LE(largest_difference(automatic_gradient(f, x), expected),
              2e-3 * expected.abs().max().item<double>());
    const auto of_y = [&](const at::Tensor& at) { return sinkhorn_divergence(x, at, 2.0).sum(); };
    EXPECT_LE(largest_difference(
                  automatic_gradient(of_y, y),
                  automatic_gradient(
                      [&](const at::Tensor& at) { return sinkhorn_divergence(at, x, 2.0).sum(); }, y)),
              1e-12);
}

TEST(Losses, AreSymmetricAndZeroForEqualSets) {
    const at::Tensor x = random_tensor({3, 6, 5}, 5), y = random_tensor({3, 6, 5}, 6);
    for (const Named& loss : fixture_losses()) {
        EXPECT_LE(largest_difference(losses(x, y, loss.settings), losses(y, x, loss.settings)), 1e-11)
            << loss.name;
        const double at_equality = losses(x, x, loss.settings).abs().max().item<double>();
        EXPECT_LE(at_equality, 1e-11) << loss.name;
    }
}

TEST(Losses, DoNotDependOnTheOrderOfCells) {
    const at::Tensor x = random_tensor({2, 6, 5}, 7), y = random_tensor({2, 6, 5}, 8);
    const at::Tensor order = at::tensor(std::vector<std::int64_t>{3, 1, 5, 0, 2, 4});
    for (const Named& loss : fixture_losses()) {
        EXPECT_LE(largest_difference(losses(x, y, loss.settings),
                                     losses(at::index_select(x, 1, order), y, loss.settings)),
                  1e-11)
            << loss.name;
    }
}

TEST(Losses, EqualCellsHaveFiniteGradients) {
    const at::Tensor x = at::zeros({1, 4, 3}, at::kDouble);
    for (const Named& loss : fixture_losses()) {
        const auto f = [&](const at::Tensor& at) { return losses(at, x, loss.settings).sum(); };
        EXPECT_TRUE(at::isfinite(automatic_gradient(f, x)).all().item<bool>()) << loss.name;
    }
}

TEST(Losses, SetsThatAreNoNumbersAreLeftOut) {
    const at::Tensor x = random_tensor({3, 4, 2}, 9);
    at::Tensor y = random_tensor({3, 4, 2}, 10);
    const at::Tensor whole = losses(x, y, of_kind(SetLoss::energy));
    y[1][2][0] = std::numeric_limits<double>::quiet_NaN();
    const auto f = [&](const at::Tensor& at) {
        return mean_of_sets(losses(at, y, of_kind(SetLoss::energy)));
    };
    EXPECT_NEAR(f(x).item<double>(), (whole[0] + whole[2]).item<double>() / 2, 1e-12);
    const at::Tensor gradient = automatic_gradient(f, x);
    EXPECT_TRUE(at::isfinite(gradient).all().item<bool>());
    EXPECT_EQ(gradient[1].abs().sum().item<double>(), 0);
    EXPECT_GT(gradient[0].abs().sum().item<double>(), 0);
}

TEST(Losses, RandomChunksArePermutationsThatTheirKeyNames) {
    const at::Tensor x = random_tensor({1, 6, 10}, 11), y = random_tensor({1, 6, 10}, 12);
    LossSettings settings = of_kind(SetLoss::energy);
    settings.chunks = 4;
    settings.randomize_chunks = true;
    const auto value = [&](std::uint64_t step, bool training) {
        CounterRandom chunks(1, {step});
        return set_losses(x, y, settings, chunks, training).main.item<double>();
    };
    EXPECT_EQ(value(1, true), value(1, true));
    EXPECT_NE(value(1, true), value(2, true));
    LossSettings in_order = settings;
    in_order.randomize_chunks = false;
    EXPECT_EQ(value(1, false), losses(x, y, in_order).item<double>());
    settings.chunks = 1; // the whole set of features: their order does not matter
    EXPECT_NEAR(value(1, true), value(2, true), 1e-12);
}

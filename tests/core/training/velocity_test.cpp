// Velocity alignment against the fixtures: masks, tiny and huge vectors, both forms, warm-up.

#include <cmath>

#include <ATen/TensorOperators.h>
#include <ATen/ops/isfinite.h>
#include <gtest/gtest.h>

#include "core/training/velocity.hpp"
#include "tests/core/training/tensor_fixtures.hpp"

using namespace ember;

namespace {

VelocitySettings settings_of(const nlohmann::json& parameters) {
    VelocitySettings settings;
    settings.enable = true;
    settings.lambda = parameters.at("velocity_lambda");
    settings.mu = parameters.at("velocity_mu");
    settings.beta = parameters.at("beta");
    settings.min_confidence = parameters.at("min_confidence");
    settings.warmup_steps = parameters.at("warmup_steps");
    settings.weighted = parameters.at("weight_by_confidence");
    return settings;
}

void expect_close(double actual, const nlohmann::json& expected, double relative, const std::string& what) {
    const double number = to_number(expected);
    if (std::isnan(number)) {
        EXPECT_TRUE(std::isnan(actual)) << what;
    } else {
        EXPECT_NEAR(actual, number, 1e-12 + relative * std::abs(number)) << what;
    }
}

} // namespace

TEST(Velocity, AgreesWithTheFixtures) {
    const auto cases = read_json(test_data("training/velocity.json")).at("cases");
    ASSERT_EQ(cases.size(), 22U);
    for (const auto& example : cases) {
        const std::string name = example.at("name");
        VelocitySettings settings = settings_of(example.at("params"));
        const std::int64_t step = example.at("params").at("step");
        const double eps = example.at("params").at("eps");
        const at::Tensor change = to_tensor(example.at("delta")), velocity = to_tensor(example.at("v")),
                         confidence = to_tensor(example.at("confidence"));
        const VelocityTerms terms = velocity_terms(change, velocity, confidence, settings, eps);
        const double relative = name == "huge" ? 1e-9 : 1e-12;
        expect_close(terms.direction.item<double>(), example.at("L_dir"), relative, name);
        expect_close(terms.magnitude.item<double>(), example.at("L_mag"), relative, name);
        expect_close(terms.cosine, example.at("mean_cosine_used"), relative, name);
        expect_close(terms.coverage, example.at("coverage"), relative, name);
        expect_close(velocity_weight(step, settings), example.at("lambda_t"), 1e-15, name);
        const auto total = [&](const at::Tensor& at) {
            return velocity_loss(velocity_terms(at, velocity, confidence, settings, eps), step, settings);
        };
        expect_close(total(change).item<double>(), example.at("velocity_total_formula"), relative, name);
        const at::Tensor gradient = automatic_gradient(total, change),
                         expected = to_tensor(example.at("grad_delta_of_total_formula"));
        EXPECT_LE(largest_difference(gradient, expected),
                  (name == "huge" ? 1e-9 : 1e-10) * expected.abs().max().item<double>() + 1e-16)
            << name;
        if (settings.beta == 1) {
            settings.form = VelocityForm::upstream;
            expect_close(total(change).item<double>(), example.at("velocity_total_code_reading"), relative,
                         name);
        }
    }
}

TEST(Velocity, GradientsAreThoseOfTheFormula) {
    const at::Tensor change = random_tensor({6, 4}, 1), velocity = random_tensor({6, 4}, 2),
                     confidence = random_tensor({6}, 3).abs();
    for (const VelocityForm form : {VelocityForm::formula, VelocityForm::upstream}) {
        VelocitySettings settings;
        settings.form = form;
        settings.beta = 0.7;
        settings.weighted = form == VelocityForm::upstream;
        const auto f = [&](const at::Tensor& at) {
            return velocity_loss(velocity_terms(at, velocity, confidence, settings), 400, settings);
        };
        const auto number = [&](const at::Tensor& at) { return f(at).item<double>(); };
        EXPECT_LE(largest_difference(automatic_gradient(f, change), numeric_gradient(number, change)), 1e-9);
    }
}

TEST(Velocity, SteepRowsAreClippedAndSaid) {
    const at::Tensor velocity = random_tensor({4, 3}, 4), confidence = random_tensor({4}, 5).abs() + 1;
    at::Tensor change = random_tensor({4, 3}, 6);
    change[2] = change[2] * 1e-4;
    VelocitySettings settings;
    settings.mu = 0;
    settings.lambda = 1;
    settings.warmup_steps = 0;
    const auto f = [&](const at::Tensor& at) {
        return velocity_loss(velocity_terms(at, velocity, confidence, settings), 0, settings);
    };
    const at::Tensor free = automatic_gradient(f, change);
    const double steepest = free[2].square().sum().sqrt().item<double>();
    EXPECT_NEAR(velocity_terms(change, velocity, confidence, settings).largest_row_gradient, steepest,
                1e-9 * steepest);
    settings.max_row_gradient = 2.0;
    const at::Tensor clipped = automatic_gradient(f, change);
    EXPECT_NEAR(clipped[2].square().sum().sqrt().item<double>(), 2.0, 1e-9);
    EXPECT_LE(largest_difference(clipped[0], free[0]), 0);
}

TEST(Velocity, FloatRowsWithoutChangeAreSafe) {
    const at::Tensor velocity = random_tensor({3, 4}, 7).to(at::kFloat),
                     confidence = random_tensor({3}, 8).abs().to(at::kFloat) + 1;
    const auto f = [&](const at::Tensor& at) {
        return velocity_loss(velocity_terms(at, velocity, confidence, VelocitySettings{}), 500,
                             VelocitySettings{});
    };
    const at::Tensor gradient = automatic_gradient(f, velocity * 0);
    EXPECT_TRUE(at::isfinite(gradient).all().item<bool>());
    EXPECT_EQ(gradient.abs().max().item<double>(), 0);
}

// Masks of dropout: as many zeros as asked for, without pattern, the same again in the backward pass.

#include <ATen/Parallel.h>
#include <ATen/TensorOperators.h>
#include <ATen/ops/ones.h>
#include <gtest/gtest.h>

#include "core/training/autograd.hpp"
#include "core/training/network_functions.hpp"
#include "tests/core/training/tensor_fixtures.hpp"

using namespace ember;

namespace {

struct Masked {
    JobContext job;
    NetworkPass pass{&job, BufferPool::make(), BufferPool::make(), TrainPrecision::float32, {42, 5, 0, true}};
    at::Tensor x = at::ones({400, 500}, at::TensorOptions(at::kFloat)).requires_grad_();
    at::Tensor draw(double p, std::uint64_t place = 1) { return dropout(pass, x, p, place); }
};

double share_of_zeros(const at::Tensor& x) {
    return x.eq(0).to(at::kDouble).mean().item<double>();
}

/// Share of neighbours that are both zero.
double share_of_pairs(const at::Tensor& x, std::int64_t dim, std::int64_t distance) {
    const at::Tensor zero = x.eq(0).to(at::kDouble);
    const std::int64_t count = zero.size(dim) - distance;
    return (zero.narrow(dim, 0, count) * zero.narrow(dim, distance, count)).mean().item<double>();
}

} // namespace

TEST(Dropout, ZeroesTheShareAndKeepsTheMean) {
    for (const double p : {0.05, 0.1, 0.5, 0.9}) {
        Masked masked;
        const at::Tensor y = masked.draw(p);
        EXPECT_NEAR(share_of_zeros(y), p, 0.005) << p;
        EXPECT_NEAR(y.mean().item<double>(), 1, 0.03) << p;
        EXPECT_NEAR(y.max().item<double>(), 1 / (1 - p), 1e-5) << p;
    }
}

TEST(Dropout, NeighboursAreIndependent) {
    Masked masked;
    const at::Tensor y = masked.draw(0.3);
    for (const std::int64_t distance : {1, 2, 16, 64}) {
        EXPECT_NEAR(share_of_pairs(y, 0, distance), 0.09, 0.003) << distance;
        EXPECT_NEAR(share_of_pairs(y, 1, distance), 0.09, 0.003) << distance;
    }
    const at::Tensor other = masked.draw(0.3, 2);
    const double both = (y.eq(0).to(at::kDouble) * other.eq(0).to(at::kDouble)).mean().item<double>();
    EXPECT_NEAR(both, 0.09, 0.003);
}

TEST(Dropout, TheGradientGoesThroughTheSameMask) {
    Masked masked;
    const at::Tensor y = masked.draw(0.4);
    torch::autograd::backward({y.sum()});
    EXPECT_TRUE(masked.x.grad().equal(y.detach()));
}

TEST(Dropout, ThreadsChangeNoMask) {
    Masked masked;
    at::set_num_threads(1);
    const at::Tensor one = masked.draw(0.2);
    at::set_num_threads(3);
    EXPECT_TRUE(one.equal(masked.draw(0.2)));
    at::set_num_threads(1);
}

TEST(Dropout, EvaluationKeepsAll) {
    Masked masked;
    masked.pass.dropout.active = false;
    EXPECT_TRUE(masked.draw(0.9).equal(masked.x));
}

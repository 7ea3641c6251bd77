#include "tests/core/training/tensor_fixtures.hpp"

#include <cmath>
#include <fstream>

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/max.h>
#include <ATen/ops/zeros_like.h>

#include "core/data/npy.hpp"
#include "core/experiment/counter_random.hpp"

namespace ember {

std::filesystem::path test_data(const std::string& path) {
    return std::filesystem::path(EMBER_TEST_DATA) / path;
}

nlohmann::json read_json(const std::filesystem::path& file) {
    std::ifstream in(file);
    return nlohmann::json::parse(in);
}

double to_number(const nlohmann::json& value) {
    return value.is_string() ? std::stod(value.get<std::string>()) : value.get<double>();
}

namespace {

void flatten(const nlohmann::json& values, std::vector<double>& out) {
    if (values.is_array()) {
        for (const nlohmann::json& value : values) {
            flatten(value, out);
        }
    } else {
        out.push_back(to_number(values));
    }
}

at::Tensor filled(const std::vector<std::int64_t>& shape, const std::vector<double>& values) {
    at::Tensor result = at::empty(shape, at::kDouble);
    std::copy(values.begin(), values.end(), result.data_ptr<double>());
    return result;
}

} // namespace

at::Tensor to_tensor(const nlohmann::json& values) {
    std::vector<std::int64_t> shape;
    for (const nlohmann::json* inner = &values; inner->is_array(); inner = &inner->front()) {
        shape.push_back(static_cast<std::int64_t>(inner->size()));
    }
    std::vector<double> flat;
    flatten(values, flat);
    return filled(shape, flat);
}

at::Tensor npy_tensor(const std::filesystem::path& file) {
    const NpyArray array = read_npy(file);
    return filled({array.shape.begin(), array.shape.end()}, array.values);
}

at::Tensor random_tensor(std::vector<std::int64_t> shape, std::uint64_t seed) {
    at::Tensor result = at::empty(shape, at::kDouble);
    CounterRandom random(seed, {});
    auto* values = result.data_ptr<double>();
    for (std::int64_t i = 0; i < result.numel(); ++i) {
        values[i] =
            std::sqrt(-2 * std::log(1 - random.uniform())) * std::cos(6.283185307179586 * random.uniform());
    }
    return result;
}

double largest_difference(const at::Tensor& a, const at::Tensor& b) {
    return a.numel() == 0 ? 0 : at::max((a.to(at::kDouble) - b.to(at::kDouble)).abs()).item<double>();
}

at::Tensor numeric_gradient(const std::function<double(const at::Tensor&)>& f, const at::Tensor& x,
                            double step) {
    const at::NoGradGuard no_grad;
    at::Tensor at_point = x.detach().clone().contiguous(), result = at::zeros_like(at_point);
    auto* values = at_point.data_ptr<double>();
    for (std::int64_t i = 0; i < at_point.numel(); ++i) {
        const double before = values[i];
        values[i] = before + step;
        const double above = f(at_point);
        values[i] = before - step;
        const double below = f(at_point);
        values[i] = before;
        result.data_ptr<double>()[i] = (above - below) / (2 * step);
    }
    return result;
}

at::Tensor automatic_gradient(const std::function<at::Tensor(const at::Tensor&)>& f, const at::Tensor& x) {
    const at::Tensor leaf = x.detach().clone().requires_grad_();
    f(leaf).backward();
    return leaf.grad().defined() ? leaf.grad() : at::zeros_like(leaf);
}

} // namespace ember

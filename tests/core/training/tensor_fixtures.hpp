#pragma once
// Fixtures as tensors, and derivatives by differences.

#include <filesystem>
#include <functional>
#include <string>

#include <nlohmann/json.hpp>

#include "core/training/autograd.hpp"

namespace ember {

std::filesystem::path test_data(const std::string& path);
nlohmann::json read_json(const std::filesystem::path& file);

/// Nested lists of numbers ("nan" and "inf" are text) as float64.
at::Tensor to_tensor(const nlohmann::json& values);
double to_number(const nlohmann::json& value);

/// An .npy file as float64.
at::Tensor npy_tensor(const std::filesystem::path& file);

/// Normal numbers that depend on the seed only, float64.
at::Tensor random_tensor(std::vector<std::int64_t> shape, std::uint64_t seed);

double largest_difference(const at::Tensor& a, const at::Tensor& b);

/// d f / d x by central differences [x's shape], float64.
at::Tensor numeric_gradient(const std::function<double(const at::Tensor&)>& f, const at::Tensor& x,
                            double step = 1e-5);
/// d f / d x by autograd.
at::Tensor automatic_gradient(const std::function<at::Tensor(const at::Tensor&)>& f, const at::Tensor& x);

} // namespace ember

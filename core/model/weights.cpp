#include "core/model/weights.hpp"

#include <bit>

#include "core/base/error.hpp"
#include "core/base/nearest_names.hpp"

namespace ember {

namespace {

c10::ScalarType libtorch_type(ScalarType type) {
    switch (type) {
    case ScalarType::float32:
        return at::kFloat;
    case ScalarType::float64:
        return at::kDouble;
    case ScalarType::float16:
        return at::kHalf;
    case ScalarType::bfloat16:
        return at::kBFloat16;
    case ScalarType::int64:
        return at::kLong;
    case ScalarType::int32:
        return at::kInt;
    case ScalarType::int16:
        return at::kShort;
    case ScalarType::int8:
        return at::kChar;
    case ScalarType::uint8:
        return at::kByte;
    case ScalarType::boolean:
        return at::kBool;
    }
    return at::kFloat;
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
    std::string text = "[";
    for (const auto extent : shape) {
        text += (text.size() > 1 ? ", " : "") + (extent < 0 ? std::string("any") : std::to_string(extent));
    }
    return text + "]";
}

bool fits(const std::vector<std::int64_t>& actual, const std::vector<std::int64_t>& wanted) {
    if (actual.size() != wanted.size()) {
        return false;
    }
    for (std::size_t i = 0; i < actual.size(); ++i) {
        if (wanted[i] >= 0 && actual[i] != wanted[i]) {
            return false;
        }
    }
    return true;
}

} // namespace

void WeightReader::missing(const std::string& name) const {
    std::vector<std::string> names;
    for (const TensorView& view : checkpoint_.tensors()) {
        names.push_back(view.name);
    }
    const auto nearest = nearest_names(name, names);
    throw Error("MissingMember", "The checkpoint lacks a tensor that this network needs",
                {checkpoint_.path().string(), name, {}},
                nearest.empty() ? "Choose another checkpoint" : "It has " + quoted_list(nearest));
}

at::Tensor WeightReader::tensor(const std::string& name, const std::vector<std::int64_t>& shape) const {
    const TensorView* view = checkpoint_.find(name);
    if (!view) {
        missing(name);
    }
    if (!fits(view->shape, shape)) {
        throw Error("ShapeMismatch",
                    "The tensor is " + shape_text(view->shape) + ", the network needs " + shape_text(shape),
                    {checkpoint_.path().string(), name, {}},
                    "The checkpoint and the configuration belong to different models");
    }
    const auto type = libtorch_type(view->type);
    const bool aligned = std::bit_cast<std::uintptr_t>(view->data) % c10::elementSize(type) == 0;
    // LibTorch asks for a mutable pointer; weights are only ever read.
    auto* data = const_cast<std::byte*>(view->data);
    if (!aligned) {
        const auto bytes = static_cast<std::size_t>(view->numel()) * c10::elementSize(type);
        if (!view->contiguous()) {
            throw Error("Corrupt", "The tensor is neither aligned nor contiguous",
                        {checkpoint_.path().string(), name, {}}, "Save the checkpoint again");
        }
        at::Tensor copy = at::empty(view->shape, at::TensorOptions().dtype(type));
        std::copy_n(data, bytes, static_cast<std::byte*>(copy.data_ptr()));
        return copy.to(at::kFloat);
    }
    return at::from_blob(data, view->shape, view->strides, at::TensorOptions().dtype(type))
        .to(at::kFloat)
        .contiguous();
}

Linear WeightReader::linear(const std::string& prefix, std::int64_t inputs, std::int64_t outputs) const {
    return {tensor(prefix + ".weight", {outputs, inputs}), tensor(prefix + ".bias", {outputs})};
}

Mlp WeightReader::mlp(const std::string& prefix, std::int64_t layers, std::int64_t inputs,
                      std::int64_t outputs) const {
    Mlp result;
    for (std::int64_t i = 0; i < layers; ++i) {
        result.push_back(linear(prefix + "." + std::to_string(3 * i), i == 0 ? inputs : config_.hidden_dim,
                                i + 1 == layers ? outputs : config_.hidden_dim));
    }
    return result;
}

Linear WeightReader::backbone_linear(const std::string& prefix, std::int64_t inputs,
                                     std::int64_t outputs) const {
    const std::string adapted = prefix + ".base_layer.weight";
    if (!has(adapted)) {
        return {tensor(prefix + ".weight", {outputs, inputs}), {}};
    }
    const at::Tensor a = tensor(prefix + ".lora_A.default.weight", {-1, inputs});
    const at::Tensor b = tensor(prefix + ".lora_B.default.weight", {outputs, a.size(0)});
    const double scale = config_.lora.alpha / static_cast<double>(a.size(0));
    return {at::addmm(tensor(adapted, {outputs, inputs}), b, a, 1, scale), {}};
}

} // namespace ember

#include "core/training/checkpoint_tensors.hpp"

#include <cstring>

#include "core/base/error.hpp"

namespace ember {

namespace {

c10::ScalarType libtorch_type(ScalarType type) {
    switch (type) {
    case ScalarType::float64:
        return at::kDouble;
    case ScalarType::float16:
        return at::kHalf;
    case ScalarType::bfloat16:
        return at::kBFloat16;
    case ScalarType::float32:
        return at::kFloat;
    case ScalarType::int64:
        return at::kLong;
    default:
        throw Error("UnsupportedType", "A weight is stored as " + std::string(to_string(type)), {},
                    "Choose another checkpoint");
    }
}

void cut(std::string& text, const std::string& part) {
    if (const auto at = text.find(part); at != std::string::npos) {
        text.erase(at, part.size());
    }
}

std::string stem(const std::string& weight) {
    return weight.substr(0, weight.size() - std::string_view("weight").size());
}

} // namespace

at::Tensor float_tensor(const TensorView& view) {
    const auto type = libtorch_type(view.type);
    const auto element = c10::elementSize(type);
    if (reinterpret_cast<std::uintptr_t>(view.data) % element == 0) {
        // LibTorch asks for a mutable pointer; it is only read.
        return at::from_blob(const_cast<std::byte*>(view.data), view.shape, view.strides,
                             at::TensorOptions().dtype(type))
            .to(at::kFloat);
    }
    if (!view.contiguous()) {
        throw Error("Corrupt", "A tensor is neither aligned nor contiguous", {"", view.name, {}},
                    "Save the checkpoint again");
    }
    at::Tensor copy = at::empty(view.shape, at::TensorOptions().dtype(type));
    std::memcpy(copy.data_ptr(), view.data, static_cast<std::size_t>(view.numel()) * element);
    return copy.to(at::kFloat);
}

std::string plain_name(std::string name) {
    cut(name, "base_model.model.");
    cut(name, "base_layer.");
    return name;
}

CheckpointTensors::CheckpointTensors(const Checkpoint& checkpoint, double lora_alpha)
    : checkpoint_(checkpoint), lora_alpha_(lora_alpha) {
    for (const TensorView& view : checkpoint.tensors()) {
        by_name_.emplace(plain_name(view.name), &view);
    }
}

const TensorView* CheckpointTensors::find(const std::string& plain) const {
    const auto found = by_name_.find(plain);
    return found == by_name_.end() ? nullptr : found->second;
}

std::optional<at::Tensor> CheckpointTensors::value(const std::string& plain) {
    const TensorView* const view = find(plain);
    if (view == nullptr) {
        return std::nullopt;
    }
    used_.insert(plain);
    return float_tensor(*view);
}

bool CheckpointTensors::has_adapter(const std::string& plain_weight) const {
    return find(stem(plain_weight) + "lora_A.default.weight") != nullptr;
}

std::optional<at::Tensor> CheckpointTensors::merged(const std::string& plain_weight) {
    auto weight = value(plain_weight);
    if (!weight || !has_adapter(plain_weight)) {
        return weight;
    }
    const auto a = value(stem(plain_weight) + "lora_A.default.weight");
    const auto b = value(stem(plain_weight) + "lora_B.default.weight");
    if (!a || !b) {
        return weight;
    }
    return at::addmm(*weight, *b, *a, 1, lora_alpha_ / static_cast<double>(a->size(0)));
}

std::vector<std::string> CheckpointTensors::unused() const {
    std::vector<std::string> names;
    for (const TensorView& view : checkpoint_.tensors()) {
        if (used_.count(plain_name(view.name)) == 0 && !view.name.ends_with("embed_tokens.weight")) {
            names.push_back(view.name);
        }
    }
    return names;
}

} // namespace ember

#include "core/run/tensor_bounds.hpp"

#include "core/base/error.hpp"
#include "core/run/half_float.hpp"
#include "core/run/little_endian.hpp"

namespace ember {

namespace {

[[noreturn]] void corrupt(const std::string& what, const std::string& name, const std::string& file) {
    throw Error("Corrupt", "A tensor is damaged: " + what, {file, name, {}},
                "Copy the file again from its source");
}

float value_at(ScalarType type, const std::byte* at) noexcept {
    switch (type) {
    case ScalarType::float32:
        return read_little_endian<float>(at);
    case ScalarType::float64:
        return static_cast<float>(read_little_endian<double>(at));
    case ScalarType::float16:
        return float_of_half(read_little_endian<std::uint16_t>(at));
    case ScalarType::bfloat16:
        return float_of_bfloat16(read_little_endian<std::uint16_t>(at));
    case ScalarType::int64:
        return static_cast<float>(read_little_endian<std::int64_t>(at));
    case ScalarType::int32:
        return static_cast<float>(read_little_endian<std::int32_t>(at));
    case ScalarType::int16:
        return read_little_endian<std::int16_t>(at);
    case ScalarType::int8:
        return read_little_endian<std::int8_t>(at);
    case ScalarType::uint8:
        return read_little_endian<std::uint8_t>(at);
    case ScalarType::boolean:
        return *at != std::byte{0} ? 1.0F : 0.0F;
    }
    return 0;
}

} // namespace

TensorView checked_view(std::string name, ScalarType type, std::vector<std::int64_t> shape,
                        std::vector<std::int64_t> strides, std::int64_t offset,
                        std::span<const std::byte> storage, const std::string& file) {
    const auto available = static_cast<std::int64_t>(storage.size() / size_of(type));
    if (offset < 0 || offset > available) {
        corrupt("it starts outside its data", name, file);
    }
    bool empty = false;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        if (shape[i] < 0 || strides[i] < 0) {
            corrupt("an extent or stride is negative", name, file);
        }
        empty = empty || shape[i] == 0;
    }
    std::int64_t count = 1, last = offset, reach = 0;
    for (std::size_t i = 0; i < shape.size() && !empty; ++i) {
        if (__builtin_mul_overflow(count, shape[i], &count) ||
            __builtin_mul_overflow(shape[i] - 1, strides[i], &reach) ||
            __builtin_add_overflow(last, reach, &last) || count > available) {
            corrupt("its shape is larger than its data", name, file);
        }
    }
    if (!empty && last >= available) {
        corrupt("it reaches beyond its data", name, file);
    }
    if (empty) {
        // The other extents may be anything; keep the product of all of them within a number.
        shape.assign(shape.size(), 0);
        strides.assign(shape.size(), 1);
    }
    TensorView view;
    view.name = std::move(name);
    view.type = type;
    view.shape = std::move(shape);
    view.strides = std::move(strides);
    view.data = storage.data() + static_cast<std::size_t>(offset) * size_of(type);
    return view;
}

std::vector<std::int64_t> contiguous_strides(const std::vector<std::int64_t>& shape) {
    std::vector<std::int64_t> strides(shape.size(), 1);
    for (std::size_t i = shape.size(); i-- > 1;) {
        // An overflow here is found by the checks of the shape.
        if (__builtin_mul_overflow(strides[i], shape[i], &strides[i - 1])) {
            strides[i - 1] = INT64_MAX;
        }
    }
    return strides;
}

std::vector<float> float_values(const TensorView& tensor) {
    std::vector<float> values(static_cast<std::size_t>(tensor.numel()));
    std::vector<std::int64_t> position(tensor.shape.size(), 0);
    const auto width = static_cast<std::int64_t>(size_of(tensor.type));
    std::int64_t element = 0;
    for (float& value : values) {
        value = value_at(tensor.type, tensor.data + element * width);
        for (std::size_t i = position.size(); i-- > 0;) {
            element += tensor.strides[i];
            if (++position[i] < tensor.shape[i]) {
                break;
            }
            element -= position[i] * tensor.strides[i];
            position[i] = 0;
        }
    }
    return values;
}

} // namespace ember

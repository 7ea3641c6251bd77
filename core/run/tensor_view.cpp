#include "core/run/tensor_view.hpp"

namespace ember {

std::size_t size_of(ScalarType type) noexcept {
    switch (type) {
    case ScalarType::float64:
    case ScalarType::int64:
        return 8;
    case ScalarType::float32:
    case ScalarType::int32:
        return 4;
    case ScalarType::float16:
    case ScalarType::bfloat16:
    case ScalarType::int16:
        return 2;
    case ScalarType::int8:
    case ScalarType::uint8:
    case ScalarType::boolean:
        return 1;
    }
    return 1;
}

const char* to_string(ScalarType type) noexcept {
    switch (type) {
    case ScalarType::float32:
        return "float32";
    case ScalarType::float64:
        return "float64";
    case ScalarType::float16:
        return "float16";
    case ScalarType::bfloat16:
        return "bfloat16";
    case ScalarType::int64:
        return "int64";
    case ScalarType::int32:
        return "int32";
    case ScalarType::int16:
        return "int16";
    case ScalarType::int8:
        return "int8";
    case ScalarType::uint8:
        return "uint8";
    case ScalarType::boolean:
        return "boolean";
    }
    return "";
}

std::int64_t TensorView::numel() const noexcept {
    std::int64_t count = 1;
    for (const std::int64_t extent : shape) {
        count *= extent;
    }
    return count;
}

bool TensorView::contiguous() const noexcept {
    if (numel() == 0) {
        return true;
    }
    std::int64_t expected = 1;
    for (std::size_t i = shape.size(); i-- > 0;) {
        if (shape[i] != 1 && strides[i] != expected) {
            return false;
        }
        expected *= shape[i];
    }
    return true;
}

} // namespace ember

#include "core/run/numpy_scalar.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "core/run/half_float.hpp"
#include "core/run/little_endian.hpp"
#include "core/run/unicode_text.hpp"

namespace ember {

namespace {

template<typename T>
T value_of(const std::string& bytes) {
    return read_little_endian<T>(reinterpret_cast<const std::byte*>(bytes.data()));
}

[[noreturn]] void wrong_length(const std::string& file) {
    throw Error("Corrupt", "A numpy value has the wrong length", {file, "data.pkl", {}},
                "Copy the file again from its source");
}

std::int64_t integer_of(const std::string& code, const std::string& bytes) {
    switch (bytes.size()) {
    case 1:
        return code[0] == 'i' ? value_of<std::int8_t>(bytes) : value_of<std::uint8_t>(bytes);
    case 2:
        return code[0] == 'i' ? value_of<std::int16_t>(bytes) : value_of<std::uint16_t>(bytes);
    case 4:
        return code[0] == 'i' ? std::int64_t{value_of<std::int32_t>(bytes)} : value_of<std::uint32_t>(bytes);
    default:
        return value_of<std::int64_t>(bytes);
    }
}

PickleNode text_value(const std::string& code, const std::string& bytes, bool big_endian,
                      const std::string& file) {
    PickleNode node;
    node.kind = PickleKind::text;
    if (code[0] == 'U') {
        auto text = utf8_of_utf32(bytes, big_endian);
        if (!text) {
            wrong_length(file);
        }
        node.text = std::move(*text);
    } else {
        node.text = bytes.substr(0, bytes.find_last_not_of('\0') + 1);
        if (!is_utf8(node.text)) {
            throw Error("Corrupt", "A numpy text is not UTF-8", {file, "data.pkl", {}});
        }
    }
    return node;
}

} // namespace

PickleNode numpy_scalar(const PickleNode& dtype, const std::string& bytes, const std::string& file) {
    const std::string& code = dtype.text;
    const bool big_endian = dtype.real != 0;
    if (!code.empty() && (code[0] == 'U' || code[0] == 'S')) {
        return text_value(code, bytes, big_endian, file);
    }
    const bool integral = code == "i1" || code == "i2" || code == "i4" || code == "i8" || code == "u1" ||
                          code == "u2" || code == "u4" || code == "u8";
    if (!integral && code != "b1" && code != "f2" && code != "f4" && code != "f8") {
        throw Error("UnsupportedType", "The pickle holds a numpy value of type '" + code + "'",
                    {file, "data.pkl", {}});
    }
    if (bytes.size() != static_cast<std::size_t>(code[1] - '0')) {
        wrong_length(file);
    }
    std::string ordered = bytes;
    if (big_endian) {
        std::reverse(ordered.begin(), ordered.end());
    }
    PickleNode node;
    if (integral) {
        node.kind = PickleKind::integer;
        node.integer = integer_of(code, ordered);
    } else if (code == "b1") {
        node.kind = PickleKind::boolean;
        node.integer = ordered[0] != 0 ? 1 : 0;
    } else {
        node.kind = PickleKind::real;
        node.real = code == "f2"   ? float_of_half(value_of<std::uint16_t>(ordered))
                    : code == "f4" ? value_of<float>(ordered)
                                   : value_of<double>(ordered);
    }
    return node;
}

} // namespace ember

#include "core/run/python_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>

namespace ember {

namespace {

/// Python turns to exponents below 1e-4 and from 1e16 on.
constexpr int lowest_plain = -4, first_scientific = 16;

} // namespace

std::string python_float(double value) {
    if (std::isnan(value)) {
        return "nan";
    }
    if (std::isinf(value)) {
        return value < 0 ? "-inf" : "inf";
    }
    std::array<char, 400> text{};
    const auto scientific =
        std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::scientific);
    const std::string digits(text.data(), scientific.ptr);
    const std::size_t e = digits.find('e');
    const int exponent = std::atoi(digits.c_str() + e + 1);
    if (value != 0 && (exponent < lowest_plain || exponent >= first_scientific)) {
        return digits;
    }
    const auto fixed = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    std::string plain(text.data(), fixed.ptr);
    return plain.find('.') == std::string::npos ? plain + ".0" : plain;
}

std::string yaml_float(double value) {
    if (std::isnan(value)) {
        return ".nan";
    }
    if (std::isinf(value)) {
        return value < 0 ? "-.inf" : ".inf";
    }
    std::string text = python_float(value);
    const std::size_t e = text.find('e');
    if (e != std::string::npos && text.find('.') == std::string::npos) {
        text.insert(e, ".0");
    }
    return text;
}

} // namespace ember

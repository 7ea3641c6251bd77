#include "core/data/element_type.hpp"

#include "core/data/hdf5_handle.hpp"

namespace ember::h5 {

namespace {

std::string number_name(char letter, std::size_t size, bool big_endian) {
    if (big_endian && size > 1) {
        return std::string(">") + letter + std::to_string(size);
    }
    const char* word = letter == 'i' ? "int" : letter == 'u' ? "uint" : "float";
    return word + std::to_string(size * 8);
}

/// Plain two's complement without padding bits, 1, 2, 4 or 8 bytes.
bool plain_integer(hid_t type, std::size_t size) {
    return (size == 1 || size == 2 || size == 4 || size == 8) && H5Tget_precision(type) == size * 8 &&
           H5Tget_offset(type) == 0;
}

/// IEEE 754 binary16, binary32 or binary64.
bool plain_float(hid_t type, std::size_t size) {
    std::size_t sign = 0, exponent = 0, exponent_bits = 0, mantissa = 0, mantissa_bits = 0;
    if (H5Tget_precision(type) != size * 8 || H5Tget_offset(type) != 0 ||
        H5Tget_fields(type, &sign, &exponent, &exponent_bits, &mantissa, &mantissa_bits) < 0) {
        return false;
    }
    const std::size_t expected = size == 2 ? 5 : size == 4 ? 8 : size == 8 ? 11 : 0;
    return expected != 0 && exponent_bits == expected && mantissa == 0 && mantissa_bits == exponent &&
           sign == size * 8 - 1 && exponent + exponent_bits == sign &&
           H5Tget_norm(type) == H5T_NORM_IMPLIED &&
           H5Tget_ebias(type) == (std::size_t(1) << (expected - 1)) - 1;
}

void classify_integer(hid_t type, ElementType& result) {
    const auto order = H5Tget_order(type);
    result.big_endian = order == H5T_ORDER_BE;
    if (!plain_integer(type, result.size) || (order != H5T_ORDER_LE && order != H5T_ORDER_BE)) {
        result.numpy_name = "an unusual integer";
        return;
    }
    const bool is_signed = H5Tget_sign(type) == H5T_SGN_2;
    result.kind = is_signed ? ElementKind::signed_integer : ElementKind::unsigned_integer;
    result.numpy_name = number_name(is_signed ? 'i' : 'u', result.size, result.big_endian);
}

void classify_float(hid_t type, ElementType& result) {
    const auto order = H5Tget_order(type);
    result.big_endian = order == H5T_ORDER_BE;
    if (!plain_float(type, result.size) || (order != H5T_ORDER_LE && order != H5T_ORDER_BE)) {
        result.numpy_name = "an unusual floating point type";
        return;
    }
    result.kind = ElementKind::floating;
    result.numpy_name = number_name('f', result.size, result.big_endian);
}

void classify_enum(hid_t type, ElementType& result) {
    signed char value = 0;
    if (result.size == 1 && H5Tget_nmembers(type) == 2 && H5Tenum_valueof(type, "TRUE", &value) >= 0 &&
        value == 1 && H5Tenum_valueof(type, "FALSE", &value) >= 0 && value == 0) {
        result.kind = ElementKind::boolean;
        result.numpy_name = "bool";
        return;
    }
    const Handle base(H5Tget_super(type));
    if (base) {
        classify_integer(base.get(), result);
    }
}

bool is_complex(hid_t type) {
    const auto named = [&](unsigned index, char letter) {
        char* name = H5Tget_member_name(type, index);
        const bool same = name != nullptr && name[0] == letter && name[1] == '\0';
        H5free_memory(name);
        return same && H5Tget_member_class(type, index) == H5T_FLOAT;
    };
    return H5Tget_nmembers(type) == 2 && named(0, 'r') && named(1, 'i');
}

} // namespace

ElementType classify(hid_t type) {
    ElementType result;
    result.size = H5Tget_size(type);
    result.numpy_name = "object";
    switch (H5Tget_class(type)) {
    case H5T_INTEGER:
        classify_integer(type, result);
        break;
    case H5T_FLOAT:
        classify_float(type, result);
        break;
    case H5T_ENUM:
        classify_enum(type, result);
        break;
    case H5T_STRING:
        result.kind = H5Tis_variable_str(type) > 0 ? ElementKind::variable_text : ElementKind::fixed_text;
        result.text_padding = H5Tget_strpad(type) == H5T_STR_SPACEPAD ? ' ' : '\0';
        break;
    case H5T_COMPOUND:
        result.kind = ElementKind::compound;
        result.numpy_name = is_complex(type) ? "complex" + std::to_string(result.size * 8) : "compound";
        break;
    case H5T_REFERENCE:
        result.numpy_name = "reference";
        break;
    case H5T_VLEN:
        result.numpy_name = "list";
        break;
    default:
        result.numpy_name = "an unusual type";
    }
    return result;
}

} // namespace ember::h5

#pragma once
// What one stored value is, in numpy's words.

#include <cstdint>
#include <string>

#include <hdf5.h>

namespace ember::h5 {

enum class ElementKind {
    signed_integer,
    unsigned_integer,
    floating,
    boolean,
    fixed_text,
    variable_text,
    compound,
    other
};

struct ElementType {
    ElementKind kind = ElementKind::other;
    std::size_t size = 0;    ///< bytes of one value in the file (in memory for variable text and compounds)
    bool big_endian = false; ///< numbers only
    char text_padding = 0;   ///< fixed text: 0 ends at the first null, ' ' is padded with blanks
    std::string numpy_name;  ///< "float32", ">f4", "bool", "object", "complex128"

    bool numeric() const noexcept {
        return kind == ElementKind::signed_integer || kind == ElementKind::unsigned_integer ||
               kind == ElementKind::floating || kind == ElementKind::boolean;
    }
    bool integer() const noexcept {
        return kind == ElementKind::signed_integer || kind == ElementKind::unsigned_integer;
    }
    bool text() const noexcept {
        return kind == ElementKind::fixed_text || kind == ElementKind::variable_text;
    }
    /// Whether stored values are this machine's float or double.
    bool native_float(std::size_t bytes) const noexcept {
        return kind == ElementKind::floating && size == bytes && !big_endian;
    }
};

/// Classifies an HDF5 type. Call with the lock held.
ElementType classify(hid_t type);

} // namespace ember::h5

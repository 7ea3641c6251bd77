#pragma once

#include "core/data/hdf5_file.hpp"

#include <cstdint>
#include <span>
#include <string>

namespace ember::h5 {

/// Little-endian numbers from bytes whose end is never passed.
class Cursor {
public:
    Cursor(const File& file, const std::string& key, std::span<const std::byte> bytes)
        : file_(file), key_(key), bytes_(bytes) {}

    std::uint64_t number(std::size_t width) {
        std::uint64_t value = 0;
        const auto part = take(width);
        for (std::size_t i = width; i-- > 0;) {
            value = value << 8 | std::to_integer<std::uint64_t>(part[i]);
        }
        return value;
    }
    std::span<const std::byte> take(std::uint64_t count) {
        if (count > bytes_.size()) {
            throw file_.error("Corrupt", key_, "The header of '" + key_ + "' is damaged");
        }
        const auto part = bytes_.first(count);
        bytes_ = bytes_.subspan(count);
        return part;
    }
    std::uint64_t peek() const { return Cursor(*this).number(1); }
    std::size_t left() const noexcept { return bytes_.size(); }

private:
    const File& file_;
    const std::string& key_;
    std::span<const std::byte> bytes_;
};

} // namespace ember::h5

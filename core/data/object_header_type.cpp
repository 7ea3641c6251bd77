#include "core/data/object_header_type.hpp"

#include "core/data/header_cursor.hpp"

#include <bit>

namespace ember::h5 {

namespace {

enum TypeClass : std::uint64_t {
    whole_number = 0,
    real_number = 1,
    time_type = 2,
    bit_field = 4,
    opaque = 5,
    compound = 6,
    enumeration = 8,
    variable_length = 9,
    array = 10,
};

constexpr int deepest = 16;
constexpr std::uint64_t most_axes = 32;

class TypeReader {
public:
    TypeReader(const File& file, const std::string& key, std::span<const std::byte> bytes)
        : file_(file), key_(key), cursor_(file, key, bytes) {}

    /// Reads one type and what it is made of; its size in bytes.
    std::uint64_t read(int depth = 0) {
        const auto head = cursor_.number(1), flags = cursor_.number(3), size = cursor_.number(4);
        const auto version = head >> 4;
        require(depth < deepest && version >= 1 && version <= 4 && size > 0);
        switch (head & 15) {
        case whole_number:
        case bit_field:
            cursor_.take(4);
            break;
        case real_number:
            cursor_.take(12);
            break;
        case time_type:
            cursor_.take(2);
            break;
        case opaque:
            cursor_.take(flags & 0xff);
            break;
        case compound:
            read_members(version, flags & 0xffff, size, depth);
            break;
        case enumeration:
            read_values(version, flags & 0xffff, size, depth);
            break;
        case variable_length:
            read(depth + 1);
            break;
        case array:
            read_array(version, size, depth);
            break;
        default:
            break; // texts and references have no properties
        }
        return size;
    }

private:
    void require(bool condition) const {
        if (!condition) {
            throw file_.error("Corrupt", key_, "A type of '" + key_ + "' is damaged");
        }
    }

    void read_name(bool padded) {
        std::uint64_t length = 1;
        while (cursor_.number(1) != 0) {
            ++length;
        }
        if (padded) {
            cursor_.take((8 - length % 8) % 8);
        }
    }

    std::uint64_t product_of_sides(std::uint64_t axes) {
        std::uint64_t product = 1;
        for (; axes > 0; --axes) {
            const auto side = cursor_.number(4);
            require(side > 0 && product <= (std::uint64_t(1) << 32) / side);
            product *= side;
        }
        return product;
    }

    void read_members(std::uint64_t version, std::uint64_t members, std::uint64_t size, int depth) {
        require(members > 0);
        const std::size_t offset_width = version < 3 ? 4 : (std::bit_width(size) + 7) / 8;
        for (; members > 0; --members) {
            read_name(version < 3);
            const auto offset = cursor_.number(offset_width);
            std::uint64_t elements = 1;
            if (version == 1) { // members of the first version may be arrays themselves
                const auto axes = cursor_.number(1);
                require(axes <= 4);
                cursor_.take(3 + 4 + 4); // reserved, permutation, reserved
                elements = product_of_sides(axes);
                cursor_.take(4 * (4 - axes));
            }
            const auto member_size = read(depth + 1);
            require(offset <= size && member_size <= (size - offset) / elements);
        }
    }

    /// libhdf5 copies the values by the size of the enumeration and compares them by that of its base.
    void read_values(std::uint64_t version, std::uint64_t values, std::uint64_t size, int depth) {
        const auto base_class = cursor_.peek() & 15;
        require(base_class == whole_number && read(depth + 1) == size);
        for (std::uint64_t value = 0; value < values; ++value) {
            read_name(version < 3);
        }
        cursor_.take(values * size);
    }

    void read_array(std::uint64_t version, std::uint64_t size, int depth) {
        const auto axes = cursor_.number(1);
        require(axes > 0 && axes <= most_axes);
        if (version < 3) {
            cursor_.take(3);
        }
        const auto elements = product_of_sides(axes);
        if (version < 3) {
            cursor_.take(4 * axes); // permutation
        }
        require(read(depth + 1) <= size / elements);
    }

    const File& file_;
    const std::string& key_;
    Cursor cursor_;
};

} // namespace

void check_datatype(const File& file, const std::string& key, std::span<const std::byte> type) {
    TypeReader(file, key, type).read();
}

} // namespace ember::h5

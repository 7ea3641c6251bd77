#include "core/data/object_header.hpp"

#include "core/data/header_cursor.hpp"
#include "core/data/object_header_type.hpp"

#include <cstring>

namespace ember::h5 {

namespace {

constexpr int datatype_message = 3;
constexpr int layout_message = 8, chunked_layout = 2;
constexpr int attribute_message = 12, continuation_message = 16, symbol_table_message = 17;
constexpr std::uint64_t largest_block = 16 << 20;
constexpr std::size_t most_blocks = 4096, most_messages = 1 << 20;

struct Block {
    std::uint64_t address, size;
};

class HeaderReader {
public:
    HeaderReader(const File& file, const std::string& key) : file_(file), key_(key) {}

    std::vector<HeaderMessage> read(std::uint64_t address) {
        const auto start = load({address, 16});
        if (std::memcmp(start.data(), "OHDR", 4) == 0) {
            read_second_version(address, start);
        } else {
            read_first_version(address, start);
        }
        return std::move(messages_);
    }

private:
    Error damaged() const { return file_.error("Corrupt", key_, "The header of '" + key_ + "' is damaged"); }

    std::vector<std::byte> load(const Block& block) {
        if (block.size > largest_block || ++blocks_ > most_blocks) {
            throw damaged();
        }
        std::vector<std::byte> bytes(block.size);
        file_.read_at(block.address + file_.superblock().base_address, bytes, key_);
        return bytes;
    }

    void add(int type, bool shared, std::span<const std::byte> content) {
        if (messages_.size() >= most_messages) {
            throw damaged();
        }
        if (type == continuation_message) {
            Cursor cursor(file_, key_, content);
            const auto address = cursor.number(8);
            pending_.push_back({address, cursor.number(8)});
        }
        messages_.push_back({type, shared, {content.begin(), content.end()}});
    }

    void read_first_version(std::uint64_t address, std::span<const std::byte> start) {
        Cursor head(file_, key_, start);
        if (head.number(1) != 1) {
            throw damaged();
        }
        head.take(7); // reserved, number of messages, references
        pending_.push_back({address + 16, head.number(4)});
        for (std::size_t i = 0; i < pending_.size(); ++i) {
            const auto bytes = load(pending_[i]);
            Cursor cursor(file_, key_, bytes);
            while (cursor.left() >= 8) {
                const int type = static_cast<int>(cursor.number(2));
                const auto size = cursor.number(2), flags = cursor.number(1);
                cursor.take(3);
                add(type, (flags & 2) != 0, cursor.take(size));
            }
        }
    }

    void read_second_version(std::uint64_t address, std::span<const std::byte> start) {
        Cursor head(file_, key_, start.subspan(4));
        const auto version = head.number(1);
        const auto flags = head.number(1);
        const std::uint64_t prefix = 6 + ((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0);
        const std::size_t width = std::size_t(1) << (flags & 3);
        const auto size_bytes = load({address + prefix, width});
        if (version != 2) {
            throw damaged();
        }
        read_chunk({address + prefix + width, Cursor(file_, key_, size_bytes).number(width)}, flags);
        for (std::size_t i = 0; i < pending_.size(); ++i) {
            const Block block = pending_[i]; // starts with "OCHK", ends with a checksum
            if (block.size < 8) {
                throw damaged();
            }
            read_chunk({block.address + 4, block.size - 8}, flags);
        }
    }

    void read_chunk(const Block& block, std::uint64_t flags) {
        const std::size_t head = (flags & 4) != 0 ? 6 : 4;
        const auto bytes = load(block);
        Cursor cursor(file_, key_, bytes);
        while (cursor.left() >= head) {
            const int type = static_cast<int>(cursor.number(1));
            const auto size = cursor.number(2), message_flags = cursor.number(1);
            cursor.take(head - 4);
            add(type, (message_flags & 2) != 0, cursor.take(size));
        }
    }

    const File& file_;
    const std::string& key_;
    std::size_t blocks_ = 0;
    std::vector<Block> pending_;
    std::vector<HeaderMessage> messages_;
};

/// The parts of an attribute message.
struct RawAttribute {
    std::string name;
    bool shared = false; ///< type or shape lie elsewhere
    bool variable_text = false;
    std::uint64_t count = 0, element_bytes = 0;
    std::span<const std::byte> data;
};

std::uint64_t read_count(Cursor cursor) {
    const auto version = cursor.number(1), rank = cursor.number(1);
    cursor.number(1);
    std::uint64_t count = 1;
    if (version == 1) {
        cursor.take(5);
    } else if (cursor.number(1) == 2) {
        return 0; // null
    }
    for (std::uint64_t axis = 0; axis < rank; ++axis) {
        const auto length = cursor.number(8);
        count = length != 0 && count > (std::uint64_t(1) << 40) / length ? std::uint64_t(1) << 40
                                                                         : count * length;
    }
    return count;
}

RawAttribute parse_attribute(const File& file, const std::string& key, const HeaderMessage& message) {
    Cursor cursor(file, key, message.bytes);
    RawAttribute result;
    const auto version = cursor.number(1), flags = cursor.number(1);
    const auto name_size = cursor.number(2), type_size = cursor.number(2), space_size = cursor.number(2);
    if (version == 3) {
        cursor.number(1);
    }
    const auto padded = [&](std::uint64_t size) { return version == 1 ? (size + 7) / 8 * 8 : size; };
    const auto name = cursor.take(padded(name_size));
    const auto type = cursor.take(padded(type_size)), space = cursor.take(padded(space_size));
    const auto* text = reinterpret_cast<const char*>(name.data());
    if (version < 1 || version > 3 || ::strnlen(text, name_size) == name_size) {
        throw file.error("Corrupt", key, "An attribute of '" + key + "' is damaged");
    }
    result.name = text;
    result.shared = version > 1 && (flags & 3) != 0;
    if (result.shared) {
        return result;
    }
    check_datatype(file, key, type);
    Cursor type_cursor(file, key, type);
    const auto type_class = type_cursor.number(1), bits = type_cursor.number(3);
    result.element_bytes = type_cursor.number(4);
    result.variable_text = (type_class & 15) == 9 && (bits & 15) == 1;
    result.count = read_count(Cursor(file, key, space));
    if (result.element_bytes > message.bytes.size() && result.count > 0) {
        throw file.error("Corrupt", key, "An attribute of '" + key + "' is damaged");
    }
    result.data = cursor.take(result.count * result.element_bytes);
    return result;
}

/// Free pieces of a heap form a list: offset of the next (1 at the end), size. libhdf5 would follow a circle
/// for ever.
void check_free_list(const File& file, const std::string& key, std::span<const std::byte> heap,
                     std::uint64_t offset) {
    for (std::uint64_t steps = 0; offset != 1; ++steps) {
        if (steps > heap.size() / 16 || heap.size() < 16 || offset > heap.size() - 16) {
            throw file.error("Corrupt", key, "The names of the group '" + key + "' are damaged");
        }
        Cursor cursor(file, key, heap.subspan(offset, 16));
        const auto next = cursor.number(8);
        if (cursor.number(8) > heap.size() - offset) {
            throw file.error("Corrupt", key, "The names of the group '" + key + "' are damaged");
        }
        offset = next;
    }
}

/// Names in an old group are texts in one heap; the last must end within it.
void check_symbol_table(const File& file, const std::string& key, const HeaderMessage& message) {
    Cursor cursor(file, key, message.bytes);
    cursor.number(8); // of the B-tree, whose nodes libhdf5 checks
    const auto base = file.superblock().base_address, heap = cursor.number(8);
    std::vector<std::byte> head(32);
    file.read_at(heap + base, head, key);
    Cursor fields(file, key, head);
    const bool named = std::memcmp(fields.take(4).data(), "HEAP", 4) == 0;
    fields.take(4);
    const auto size = fields.number(8);
    const auto first_free = fields.number(8), data = fields.number(8);
    if (!named || size == 0 || size > file.size()) {
        throw file.error("Corrupt", key, "The names of the group '" + key + "' are damaged");
    }
    std::vector<std::byte> names(size);
    file.read_at(data + base, names, key);
    check_free_list(file, key, names, first_free);
    if (names.back() != std::byte(0)) {
        throw file.error("Corrupt", key, "The names of the group '" + key + "' are damaged");
    }
}

/// libhdf5 divides by the lengths of a chunk's sides.
void check_layout(const File& file, const std::string& key, const HeaderMessage& message) {
    Cursor cursor(file, key, message.bytes);
    const auto version = cursor.number(1);
    std::uint64_t sides = version < 3 ? cursor.number(1) : 0;
    if (cursor.number(1) != chunked_layout) {
        return;
    }
    std::uint64_t width = 4;
    if (version < 3) {
        cursor.take(5 + 8); // reserved, address
    } else if (version == 3) {
        sides = cursor.number(1);
        cursor.take(8); // address
    } else {
        cursor.take(1); // flags
        sides = cursor.number(1);
        width = cursor.number(1);
    }
    bool possible = sides > 0 && width > 0 && width <= 8;
    for (; possible && sides > 0; --sides) {
        possible = cursor.number(width) != 0;
    }
    if (!possible) {
        throw file.error("Corrupt", key, "The chunks of '" + key + "' are damaged");
    }
}

} // namespace

std::vector<HeaderMessage> read_object_header(const File& file, std::uint64_t address,
                                              const std::string& key) {
    return HeaderReader(file, key).read(address);
}

void check_object(const File& file, std::uint64_t address, const std::string& key) {
    for (const auto& message : read_object_header(file, address, key)) {
        if (message.shared) {
            continue;
        }
        if (message.type == attribute_message) {
            parse_attribute(file, key, message);
        } else if (message.type == datatype_message) {
            check_datatype(file, key, message.bytes);
        } else if (message.type == symbol_table_message) {
            check_symbol_table(file, key, message);
        } else if (message.type == layout_message) {
            check_layout(file, key, message);
        }
    }
}

std::optional<RawTexts> find_raw_texts(const File& file, std::uint64_t address, const char* name,
                                       const std::string& key) {
    for (const auto& message : read_object_header(file, address, key)) {
        if (message.type != attribute_message || message.shared) {
            continue;
        }
        const auto attribute = parse_attribute(file, key, message);
        if (attribute.name == name && attribute.variable_text && attribute.element_bytes == 16) {
            return RawTexts{{attribute.data.begin(), attribute.data.end()}};
        }
    }
    return std::nullopt;
}

} // namespace ember::h5

#include "core/data/global_heap.hpp"

#include <algorithm>
#include <cstring>

namespace ember::h5 {

namespace {

constexpr std::size_t kept_collections = 8;
constexpr std::uint64_t largest_collection = 1U << 30;
constexpr std::uint64_t header_bytes = 16;
/// Every text has bytes of its own in a file as programs write it; a little more is let through.
constexpr std::uint64_t spare_text_bytes = 64 << 20;

template<typename T>
T load_value(const std::byte* bytes) {
    T value;
    std::memcpy(&value, bytes, sizeof value);
    return value;
}

} // namespace

std::string_view GlobalHeap::text(std::span<const std::byte, 16> reference) {
    const auto length = load_value<std::uint32_t>(reference.data());
    const auto address = load_value<std::uint64_t>(reference.data() + 4);
    const auto index = load_value<std::uint32_t>(reference.data() + 12);
    if (length == 0 || address == 0 || address == HADDR_UNDEF) {
        return {};
    }
    const auto& heap = collection(address);
    if (index >= heap.objects.size() || heap.objects[index].second < length) {
        throw file_.error("Corrupt", key_, "A text points outside the heap of the file");
    }
    taken_bytes_ += length;
    if (taken_bytes_ > 2 * file_.size() + spare_text_bytes) {
        throw file_.error("Corrupt", key_, "The texts together are larger than the file that holds them");
    }
    const auto* start = reinterpret_cast<const char*>(heap.bytes.data()) + heap.objects[index].first;
    return {start, ::strnlen(start, length)};
}

const GlobalHeap::Collection& GlobalHeap::collection(std::uint64_t address) {
    const auto found = std::find_if(recent_.begin(), recent_.end(),
                                    [&](const Collection& heap) { return heap.address == address; });
    if (found != recent_.end()) {
        recent_.splice(recent_.begin(), recent_, found);
        return recent_.front();
    }
    recent_.push_front(load(address));
    if (recent_.size() > kept_collections) {
        recent_.pop_back();
    }
    return recent_.front();
}

/// A collection is "GCOL", a version, its size; then objects: index (2 bytes), references (2), padding (4),
/// size (8), bytes padded to a multiple of 8. Index 0 is the free space at the end.
GlobalHeap::Collection GlobalHeap::load(std::uint64_t address) const {
    std::byte header[header_bytes];
    const std::uint64_t place = address + file_.superblock().base_address;
    file_.read_at(place, header, key_);
    const auto size = load_value<std::uint64_t>(header + 8);
    if (std::memcmp(header, "GCOL\1", 5) != 0 || size < header_bytes || size > largest_collection ||
        size > file_.size() - place) {
        throw file_.error("Corrupt", key_, "The heap that holds the texts is damaged");
    }
    Collection heap;
    heap.address = address;
    heap.bytes.resize(size);
    file_.read_at(place, heap.bytes, key_);
    for (std::uint64_t at = header_bytes; size - at >= header_bytes;) {
        const auto index = load_value<std::uint16_t>(heap.bytes.data() + at);
        const auto bytes = load_value<std::uint64_t>(heap.bytes.data() + at + 8);
        if (index == 0) {
            break;
        }
        if (bytes > size - at - header_bytes) {
            throw file_.error("Corrupt", key_, "The heap that holds the texts is damaged");
        }
        if (heap.objects.size() <= index) {
            heap.objects.resize(index + 1U);
        }
        heap.objects[index] = {static_cast<std::uint32_t>(at + header_bytes),
                               static_cast<std::uint32_t>(bytes)};
        at += header_bytes + std::min((bytes + 7) / 8 * 8, size - at - header_bytes);
    }
    return heap;
}

} // namespace ember::h5

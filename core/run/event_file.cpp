#include "core/run/event_file.hpp"

#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <fcntl.h>
#include <unistd.h>

#include "core/run/file_descriptor.hpp"
#include "core/run/little_endian.hpp"
#include "core/run/this_machine.hpp"

namespace ember {

namespace {

/// CRC-32C (Castagnoli), reflected.
constexpr std::array<std::uint32_t, 256> castagnoli = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit) {
            value = (value >> 1U) ^ ((value & 1U) != 0 ? 0x82f63b78U : 0U);
        }
        table[i] = value;
    }
    return table;
}();

/// As TFRecord stores it: rotated and shifted, so that a checksum of checksums is not trivial.
std::uint32_t masked_checksum(const std::string& bytes) {
    std::uint32_t crc = 0xffffffffU;
    for (const char byte : bytes) {
        crc = castagnoli[(crc ^ static_cast<unsigned char>(byte)) & 0xffU] ^ (crc >> 8U);
    }
    return std::rotr(~crc, 15) + 0xa282ead8U;
}

// Protocol buffers: a key (field number and wire type), then a varint, fixed bytes or a counted text.
enum class Wire : std::uint8_t { varint = 0, fixed64 = 1, counted = 2, fixed32 = 5 };

std::string varint(std::uint64_t value) {
    std::string bytes;
    for (; value >= 0x80U; value >>= 7U) {
        bytes += static_cast<char>(0x80U | (value & 0x7fU));
    }
    return bytes + static_cast<char>(value);
}

std::string key(unsigned field, Wire wire) {
    return varint((field << 3U) | static_cast<unsigned>(wire));
}

std::string counted(unsigned field, const std::string& content) {
    return key(field, Wire::counted) + varint(content.size()) + content;
}

/// tensorboard.Event: wall_time = 1, step = 2; the rest is `content`.
std::string event(std::int64_t step, const std::string& content) {
    const double now =
        std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
    return key(1, Wire::fixed64) + little_endian_text(now) + key(2, Wire::varint) +
           varint(static_cast<std::uint64_t>(step)) + content;
}

std::string file_name() {
    static std::atomic<int> count{0};
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
    std::string number = std::to_string(seconds.count());
    number.insert(0, number.size() < 10 ? 10 - number.size() : 0, '0');
    return "events.out.tfevents." + number + "." + host_name() + "." + std::to_string(::getpid()) + "." +
           std::to_string(count++);
}

} // namespace

EventFile::EventFile(const std::filesystem::path& folder, std::int64_t first_step)
    : file_(folder / file_name()) {
    descriptor_ = FileDescriptor::open_to_write(file_, O_WRONLY | O_CREAT | O_TRUNC).release();
    record(event(0, counted(3, "brain.Event:2")));
    if (first_step >= 0) {
        // session_log = 7 { status = 1: START }
        record(event(first_step, counted(7, key(1, Wire::varint) + varint(1))));
    }
    try {
        flush();
    } catch (...) {
        ::close(descriptor_);
        throw;
    }
}

EventFile::~EventFile() {
    try {
        flush();
    } catch (...) {
        // The curves stay in metrics.csv.
    }
    ::close(descriptor_);
}

void EventFile::record(const std::string& event) {
    const std::string length = little_endian_text<std::uint64_t>(event.size());
    buffer_ += length + little_endian_text(masked_checksum(length)) + event +
               little_endian_text(masked_checksum(event));
}

void EventFile::scalar(const std::string& tag, std::int64_t step, double value) {
    // summary = 5 { value = 1 { tag = 1, simple_value = 2 } }
    const std::string entry =
        counted(1, tag) + key(2, Wire::fixed32) + little_endian_text(static_cast<float>(value));
    record(event(step, counted(5, counted(1, entry))));
}

void EventFile::flush() {
    if (buffer_.empty()) {
        return;
    }
    try {
        write_all(descriptor_, buffer_, file_);
    } catch (...) {
        // Half a record would end TensorBoard's reading.
        [[maybe_unused]] const int cut = ::ftruncate(descriptor_, static_cast<off_t>(written_bytes_));
        ::lseek(descriptor_, static_cast<off_t>(written_bytes_), SEEK_SET);
        throw;
    }
    written_bytes_ += buffer_.size();
    buffer_.clear();
}

} // namespace ember

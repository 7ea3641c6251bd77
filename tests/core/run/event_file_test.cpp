#include "core/run/event_file.hpp"

#include <bit>
#include <cstring>
#include <vector>

#include <gtest/gtest.h>

#include "core/run/this_machine.hpp"
#include "scratch_folder.hpp"

namespace ember {
namespace {

using test::ScratchFolder;
using test::text_of;

template<typename T>
T number_at(const std::string& bytes, std::size_t at) {
    T value;
    std::memcpy(&value, bytes.data() + at, sizeof(T));
    return value;
}

/// Bit by bit, unlike the table under test.
std::uint32_t masked(const std::string& bytes) {
    std::uint32_t crc = 0xffffffffU;
    for (const char byte : bytes) {
        crc ^= static_cast<unsigned char>(byte);
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc & 1U) != 0 ? (crc >> 1U) ^ 0x82f63b78U : crc >> 1U;
        }
    }
    crc = ~crc;
    return ((crc >> 15U) | (crc << 17U)) + 0xa282ead8U;
}

std::vector<std::string> records(const std::string& file) {
    std::vector<std::string> events;
    for (std::size_t at = 0; at < file.size();) {
        const auto length = number_at<std::uint64_t>(file, at);
        EXPECT_EQ(number_at<std::uint32_t>(file, at + 8), masked(file.substr(at, 8)));
        events.push_back(file.substr(at + 12, length));
        EXPECT_EQ(number_at<std::uint32_t>(file, at + 12 + length), masked(events.back()));
        at += 16 + length;
    }
    return events;
}

/// After the wall time, which is of now.
std::string after_time(const std::string& event) {
    EXPECT_EQ(event[0], '\x09');
    EXPECT_GT(number_at<double>(event, 1), 1.7e9);
    return event.substr(9);
}

TEST(EventFile, HoldsScalarsAsTensorBoardReadsThem) {
    const ScratchFolder folder;
    EventFile file(folder.path());
    EXPECT_TRUE(file.path().filename().string().starts_with("events.out.tfevents."));
    EXPECT_NE(file.path().filename().string().find(host_name()), std::string::npos);
    file.scalar("train_loss", 300, 1.5);
    file.flush();
    const auto events = records(text_of(file.path()));
    ASSERT_EQ(events.size(), 2U);
    using namespace std::string_literals;
    EXPECT_EQ(after_time(events[0]), "\x10\0\x1a\x0d"s + "brain.Event:2");
    EXPECT_EQ(after_time(events[1]),
              "\x10\xac\x02\x2a\x13\x0a\x11\x0a\x0a"s + "train_loss" + "\x15\0\0\xc0\x3f"s);
}

TEST(EventFile, AResumedRunSaysWhereItGoesOn) {
    const ScratchFolder folder;
    const EventFile first(folder.path());
    const EventFile second(folder.path(), 7);
    EXPECT_NE(first.path(), second.path());
    const auto events = records(text_of(second.path()));
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(after_time(events[1]), "\x10\x07\x3a\x02\x08\x01");
}

} // namespace
} // namespace ember

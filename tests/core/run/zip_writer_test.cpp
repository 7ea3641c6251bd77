#include "core/run/zip_writer.hpp"

#include <fcntl.h>
#include <random>

#include <gtest/gtest.h>
#include <zlib.h>

#include "archive_writer.hpp"
#include "core/run/crc32.hpp"
#include "core/run/file_descriptor.hpp"
#include "core/run/zip_archive.hpp"
#include "scratch_folder.hpp"

namespace ember {
namespace {

using test::bytes_of;
using test::ScratchFolder;

std::string written(const ScratchFolder& folder, const std::function<void(ZipWriter&)>& fill) {
    const auto file = folder / "a.zip";
    {
        const auto opened = FileDescriptor::open_to_write(file, O_WRONLY | O_CREAT | O_TRUNC);
        ZipWriter zip(opened.get(), file);
        fill(zip);
        zip.finish();
    }
    return test::text_of(file);
}

TEST(Crc32, AgreesWithZlibAtEveryLengthAndStart) {
    std::mt19937 random(7);
    std::string data(70'000, '\0');
    for (char& byte : data) {
        byte = static_cast<char>(random());
    }
    const auto* const bytes = reinterpret_cast<const unsigned char*>(data.data());
    std::vector<std::size_t> lengths{65'536, 69'999, 4096};
    for (std::size_t length = 0; length < 300; ++length) {
        lengths.push_back(length);
    }
    for (const std::size_t length : lengths) {
        for (const std::uint32_t before : {0U, 1U, 0xffffffffU, 0x1234567U}) {
            const std::size_t start = length % 13;
            const std::size_t size = std::min(length, data.size() - start);
            EXPECT_EQ(crc32_of(before, std::as_bytes(std::span(data).subspan(start, size))),
                      crc32_z(before, bytes + start, size))
                << length;
        }
    }
    EXPECT_EQ(crc32_of(0, bytes_of("123456789")), 0xcbf43926U);
}

TEST(ZipWriter, DataBeginAtMultiplesOf64) {
    const ScratchFolder folder;
    std::mt19937 random(1);
    std::vector<std::string> contents;
    const std::string file = written(folder, [&](ZipWriter& zip) {
        for (int i = 0; i < 100; ++i) {
            contents.emplace_back(i == 50 ? 3'000'000 : random() % 500, static_cast<char>('a' + i % 26));
            const std::string name = std::string(random() % 70 + 1, 'n') + std::to_string(i);
            zip.begin(name, contents.back().size());
            const std::size_t half = contents.back().size() / 2;
            zip.write(bytes_of(contents.back()).first(half));
            zip.write(bytes_of(contents.back()).subspan(half));
            zip.end();
        }
    });
    const ZipArchive archive(bytes_of(file), "a.zip");
    ASSERT_EQ(archive.entries().size(), contents.size());
    for (std::size_t i = 0; i < contents.size(); ++i) {
        const auto data = archive.checked_data(archive.entries()[i]);
        EXPECT_EQ(std::string(reinterpret_cast<const char*>(data.data()), data.size()), contents[i]);
        EXPECT_EQ((data.data() - bytes_of(file).data()) % 64, 0);
    }
}

TEST(ZipWriter, MoreEntriesThanTheOldFormatCounts) {
    const ScratchFolder folder;
    const std::string file = written(folder, [&](ZipWriter& zip) {
        for (int i = 0; i < 66'000; ++i) {
            zip.add(std::to_string(i), "");
        }
    });
    EXPECT_EQ(ZipArchive(bytes_of(file), "a.zip").entries().size(), 66'000U);
}

TEST(ZipWriter, ReproducesPyTorchsArchive) {
    const auto peer = std::filesystem::path(EMBER_TEST_DATA) / "state/run_tiny/checkpoints/last.ckpt";
    const std::string original = test::text_of(peer);
    const ZipArchive archive(bytes_of(original), peer.string());
    const ScratchFolder folder;
    const std::string copy = written(folder, [&](ZipWriter& zip) {
        for (const ZipEntry& entry : archive.entries()) {
            const auto data = archive.data(entry);
            zip.begin(entry.name, data.size());
            zip.write(data);
            zip.end();
        }
    });
    EXPECT_TRUE(copy == original);
}

TEST(ZipWriter, AFullDiskIsSaid) {
    const auto opened = FileDescriptor::open_to_write("/dev/full", O_WRONLY);
    ZipWriter zip(opened.get(), "last.ckpt");
    zip.add("a", "b");
    EXPECT_EQ(test::class_of([&] { zip.finish(); }), "NoSpace");
}

} // namespace
} // namespace ember

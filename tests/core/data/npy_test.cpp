#include <fstream>
#include <numeric>

#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/data/npy.hpp"
#include "tests/core/data/hdf5_fixture.hpp"

namespace ember {
namespace {

std::string header(const std::string& dict) {
    std::string text = std::string("\x93NUMPY\x01\x00", 8);
    text += static_cast<char>(dict.size());
    text += '\0';
    return text + dict;
}

void write(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

TEST(Npy, what_is_written_in_any_order_is_read_back) {
    const test::TemporaryFolder folder;
    const auto path = folder / "p.npy";
    {
        NpyWriter writer(path, 5, 3);
        std::vector<float> values(9);
        std::iota(values.begin(), values.end(), 0.5F);
        writer.write_rows(std::vector<std::uint64_t>{4, 0, 1}, values);
        EXPECT_FALSE(std::filesystem::exists(path));
        writer.write_rows(std::vector<std::uint64_t>{2, 3}, std::span(values).first(6));
        writer.finish();
    }
    const auto array = read_npy(path);
    EXPECT_EQ(array.shape, (std::vector<std::uint64_t>{5, 3}));
    EXPECT_EQ(array.dtype, "<f4");
    EXPECT_EQ(array.values, (std::vector<double>{3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 0.5, 1.5, 2.5, 3.5, 4.5, 5.5,
                                                 0.5, 1.5, 2.5}));
}

TEST(Npy, an_unfinished_file_leaves_nothing) {
    const test::TemporaryFolder folder;
    { NpyWriter writer(folder / "p.npy", 2, 2); }
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Npy, fortran_order_is_turned) {
    const test::TemporaryFolder folder;
    const auto path = folder / "f.npy";
    write(path, header("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }\n") +
                    std::string("\1\4\2\5\3\6"));
    EXPECT_EQ(read_npy(path).values, (std::vector<double>{1, 2, 3, 4, 5, 6}));
}

TEST(Npy, damage_is_refused) {
    const test::TemporaryFolder folder;
    const auto path = folder / "bad.npy";
    const auto class_of = [&](const std::string& bytes) {
        write(path, bytes);
        try {
            read_npy(path);
        } catch (const Error& error) {
            return error.class_name();
        }
        return std::string("none");
    };
    EXPECT_EQ(class_of("hello"), "Corrupt");
    EXPECT_EQ(class_of(header("{'descr': '<f4', 'fortran_order': False, 'shape': (9,), }\n") + "abcd"),
              "Corrupt");
    EXPECT_EQ(
        class_of(header("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 99999999999), }\n")),
        "Corrupt");
    EXPECT_EQ(class_of(header("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n") + "abcdefgh"),
              "UnsupportedType");
    EXPECT_EQ(
        class_of(header("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }\n") + "abcd"),
        "UnsupportedType");
}

} // namespace
} // namespace ember

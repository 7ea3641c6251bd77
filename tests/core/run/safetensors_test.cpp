#include "core/run/safetensors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/run/tensor_bounds.hpp"
#include "tests/core/run/archive_writer.hpp"

namespace {

using namespace ember;
using namespace ember::test;

std::string file_of(const std::string& header, const std::string& data) {
    return little<std::uint64_t>(header.size()) + header + data;
}

std::string class_of_file(const std::string& header, std::size_t data_size) {
    const std::string file = file_of(header, std::string(data_size, '\0'));
    return class_of([&] { read_safetensors(bytes_of(file), "m.safetensors"); });
}

const std::string honest = R"({"__metadata__": {"format": "pt", "hyper_parameters": "{\"hidden_dim\": 3}"},
 "b": {"dtype": "F32", "shape": [2], "data_offsets": [4, 12]},
 "a": {"dtype": "I32", "shape": [], "data_offsets": [0, 4]}})";

TEST(Safetensors, ReadsTensorsInTheOrderOfTheirData) {
    const std::string file = file_of(honest, little(7) + floats({1.5F, 2.5F}));
    EXPECT_TRUE(looks_like_safetensors(bytes_of(file)));
    const SafetensorsFile result = read_safetensors(bytes_of(file), "m.safetensors");
    ASSERT_EQ(result.tensors.size(), 2U);
    EXPECT_EQ(result.tensors[0].name, "a");
    EXPECT_THAT(float_values(result.tensors[0]), ::testing::ElementsAre(7));
    EXPECT_THAT(float_values(result.tensors[1]), ::testing::ElementsAre(1.5F, 2.5F));
    EXPECT_EQ(result.hyper_parameters["hidden_dim"], 3);
}

TEST(Safetensors, EveryTruncationIsAnError) {
    const std::string file = file_of(honest, little(7) + floats({1.5F, 2.5F}));
    for (std::size_t size = 0; size < file.size(); ++size) {
        const std::string cut = file.substr(0, size);
        EXPECT_NE(class_of([&] { read_safetensors(bytes_of(cut), "m"); }), "no error") << size;
    }
}

TEST(Safetensors, RefusesALyingHeader) {
    const auto tensor = [](const std::string& dtype, const std::string& shape, const std::string& offsets) {
        return R"({"w": {"dtype": ")" + dtype + R"(", "shape": )" + shape + R"(, "data_offsets": )" +
               offsets + "}}";
    };
    EXPECT_EQ(class_of_file(tensor("F32", "[2]", "[0, 8]"), 8), "no error");
    EXPECT_EQ(class_of_file(tensor("F32", "[2]", "[0, 8]"), 7), "Truncated");
    EXPECT_EQ(class_of_file(tensor("F32", "[2]", "[0, 8]"), 9), "Corrupt");
    EXPECT_EQ(class_of_file(tensor("F32", "[3]", "[0, 8]"), 8), "Corrupt");
    EXPECT_EQ(class_of_file(tensor("F32", "[1]", "[0, 8]"), 8), "Corrupt");
    EXPECT_EQ(class_of_file(tensor("F32", "[2]", "[8, 0]"), 8), "Corrupt");
    EXPECT_EQ(class_of_file(tensor("F32", "[2]", "[4, 12]"), 12), "Corrupt");
    EXPECT_EQ(class_of_file(tensor("F32", "[-2]", "[0, 8]"), 8), "Corrupt");
    EXPECT_EQ(class_of_file(tensor("F32", "[2.0]", "[0, 8]"), 8), "Corrupt");
    EXPECT_EQ(class_of_file(tensor("F32", "[4294967296, 4294967296]", "[0, 8]"), 8), "Corrupt");
    EXPECT_EQ(class_of_file(tensor("F32", "[9223372036854775807, 3, 0]", "[0, 8]"), 8), "Corrupt");
    EXPECT_EQ(class_of_file(tensor("F32", "[2]", "[0, 18446744073709551615]"), 8), "Corrupt");
    EXPECT_EQ(class_of_file(tensor("F32", "[2]", "[0]"), 8), "Corrupt");
    EXPECT_EQ(class_of_file(tensor("F8_E4M3", "[8]", "[0, 8]"), 8), "UnsupportedType");
    EXPECT_EQ(class_of_file(R"({"w": 3})", 8), "Corrupt");
    EXPECT_EQ(class_of_file(R"({"w": {"dtype": "F32"}})", 8), "Corrupt");
    EXPECT_EQ(class_of_file("[1]", 8), "Corrupt");
    EXPECT_EQ(class_of_file("{", 8), "Corrupt");
    EXPECT_EQ(class_of_file("{}", 0), "NotACheckpoint");
    EXPECT_EQ(class_of_file(R"({"w": )" + std::string(100'000, '[') + std::string(100'000, ']') + "}", 0),
              "Corrupt");
    EXPECT_EQ(class_of_file(R"({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]},
                                "b": {"dtype": "F32", "shape": [2], "data_offsets": [4, 12]}})",
                            12),
              "Corrupt");
}

TEST(Safetensors, RefusesAHugeHeaderLength) {
    const std::string file = little<std::uint64_t>(UINT64_MAX) + "{}";
    EXPECT_EQ(class_of([&] { read_safetensors(bytes_of(file), "m"); }), "Corrupt");
    const std::string beyond = little<std::uint64_t>(1000) + "{}";
    EXPECT_EQ(class_of([&] { read_safetensors(bytes_of(beyond), "m"); }), "Truncated");
}

} // namespace

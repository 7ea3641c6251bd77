#include "core/run/pickle_writer.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "archive_writer.hpp"
#include "core/run/unpickler.hpp"

namespace ember {
namespace {

using test::bytes_of;

nlohmann::json read_back(const PickleValue& value, PickleProtocol protocol) {
    const std::string bytes = write_pickle(value, protocol);
    std::size_t consumed = 0;
    const PickleDocument document =
        unpickle(bytes_of(bytes), "a.pkl", PickleSource::torch_archive, &consumed);
    EXPECT_EQ(consumed, bytes.size());
    return pickle_to_json(document, document.node(document.root), "a.pkl");
}

TEST(PickleWriter, PlainValuesComeBack) {
    const auto values = nlohmann::ordered_json::parse(R"({"a": null, "b": true, "c": false, "d": [], "e": {},
        "ints": [0, 1, 255, 256, 65535, 65536, -1, -256, 2147483647, 2147483648, -2147483648, -2147483649,
                 9223372036854775807, -9223372036854775808],
        "reals": [0.1, -1e300, 5e-324], "texts": ["", "a", "a", "µ → 細胞 🧬"], "nested": {"a": [{"b": [[]]}]}})");
    for (const auto protocol : {PickleProtocol::two, PickleProtocol::four}) {
        EXPECT_EQ(read_back(PickleValue(values), protocol), nlohmann::json::parse(values.dump()));
    }
}

TEST(PickleWriter, LongListsAndManyTexts) {
    nlohmann::ordered_json names = nlohmann::ordered_json::array();
    nlohmann::ordered_json dict;
    for (int i = 0; i < 2500; ++i) {
        names.push_back("gene " + std::to_string(i % 2000));
        dict["key " + std::to_string(i)] = i;
    }
    names.push_back(std::string(100'000, 'x'));
    dict["names"] = names;
    for (const auto protocol : {PickleProtocol::two, PickleProtocol::four}) {
        EXPECT_EQ(read_back(PickleValue(dict), protocol), nlohmann::json::parse(dict.dump()));
    }
}

TEST(PickleWriter, NumpyTextsComeBack) {
    PickleValue list = PickleValue::list();
    const std::vector<std::string> labels{"control",     "pert_A", "pert_B",
                                          "µM é 🧬", "",       std::string(300, 'l')};
    for (const std::string& label : labels) {
        list.items.push_back(PickleValue::numpy_text(label));
    }
    for (const auto protocol : {PickleProtocol::two, PickleProtocol::four}) {
        EXPECT_EQ(read_back(list, protocol), nlohmann::json(labels));
    }
}

TEST(PickleWriter, TextsThatAreNoTextAreRefused) {
    for (const auto protocol : {PickleProtocol::two, PickleProtocol::four}) {
        EXPECT_EQ(test::class_of([&] { write_pickle("\xff", protocol); }), "NotUtf8");
        EXPECT_EQ(test::class_of([&] { write_pickle(PickleValue::numpy_text("\xff"), protocol); }),
                  "NotUtf8");
    }
}

TEST(PickleWriter, TensorsOfEveryStorageClass) {
    for (const ScalarType type :
         {ScalarType::float32, ScalarType::float64, ScalarType::float16, ScalarType::bfloat16,
          ScalarType::int64, ScalarType::int32, ScalarType::boolean}) {
        const std::string bytes = write_pickle(PickleValue::tensor(3, type, {2, 3, 4}), PickleProtocol::two);
        const PickleDocument document = unpickle(bytes_of(bytes), "a.pkl");
        ASSERT_EQ(document.tensors.size(), 1U);
        EXPECT_EQ(document.tensors[0].shape, (std::vector<std::int64_t>{2, 3, 4}));
        EXPECT_EQ(document.tensors[0].strides, (std::vector<std::int64_t>{12, 4, 1}));
        const PickleNode& storage = document.node(document.tensors[0].storage);
        EXPECT_EQ(storage.scalar_type, type);
        EXPECT_EQ(storage.text, "3");
        EXPECT_EQ(storage.integer, 24);
    }
    EXPECT_EQ(test::class_of(
                  [] { write_pickle(PickleValue::tensor(0, ScalarType::int8, {1}), PickleProtocol::two); }),
              "UnsupportedType");
}

} // namespace
} // namespace ember

#include "core/run/yaml_config.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/core/run/archive_writer.hpp"

namespace {

using namespace ember;
using namespace ember::test;
using nlohmann::json;

TEST(YamlConfig, TypesScalarsAsPythonDoes) {
    const json value = parse_yaml("a: 1\nb: 1e-4\nc: true\nd: null\ne: ~\nf: 'true'\ng: \"12\"\nh: text\n"
                                  "i: [1, -2.5, no]\nj: {k: .inf}\nl: '[(''DMSO_TF'', 0.0, ''uM'')]'\nm: +3\n"
                                  "n: 1.0e-06\no: 99999999999999999999\n",
                                  "config.yaml");
    EXPECT_EQ(value["a"], 1);
    EXPECT_TRUE(value["a"].is_number_integer());
    EXPECT_EQ(value["b"], 1e-4);
    EXPECT_EQ(value["c"], true);
    EXPECT_TRUE(value["d"].is_null());
    EXPECT_TRUE(value["e"].is_null());
    EXPECT_EQ(value["f"], "true");
    EXPECT_EQ(value["g"], "12");
    EXPECT_EQ(value["h"], "text");
    EXPECT_EQ(value["i"], json::parse("[1, -2.5, false]"));
    EXPECT_TRUE(std::isinf(value["j"]["k"].get<double>()));
    EXPECT_EQ(value["l"], "[('DMSO_TF', 0.0, 'uM')]");
    EXPECT_EQ(value["m"], 3);
    EXPECT_EQ(value["n"], 1e-6);
    EXPECT_EQ(value["o"], 1e20);
}

TEST(YamlConfig, FollowsAliasesWithinBounds) {
    EXPECT_EQ(parse_yaml("a: &x [1, 2]\nb: *x\n", "f")["b"], json::parse("[1, 2]"));
    std::string laughs = "a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha]\n";
    for (int i = 1; i < 12; ++i) {
        const std::string last = "*a" + std::to_string(i - 1);
        laughs += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last;
        for (int j = 0; j < 8; ++j) {
            laughs += ", " + last;
        }
        laughs += "]\n";
    }
    EXPECT_EQ(class_of([&] { parse_yaml(laughs, "f"); }), "BadConfig");
    std::string copies = "a: &a " + std::string(1 << 20, 'x') + "\nb: [*a";
    for (int i = 0; i < 100; ++i) {
        copies += ", *a";
    }
    EXPECT_EQ(class_of([&] { parse_yaml(copies + "]\n", "f"); }), "BadConfig");
}

TEST(YamlConfig, RefusesDeepNestingAndBadText) {
    EXPECT_EQ(class_of([] { parse_yaml("a: &x [*x]\n", "f"); }), "BadConfig");
    EXPECT_EQ(class_of([] { parse_yaml(std::string(100, '[') + std::string(100, ']'), "f"); }), "BadConfig");
    EXPECT_EQ(class_of([] { parse_yaml(std::string(200'000, '['), "f"); }), "BadConfig");
    EXPECT_EQ(class_of([] { parse_yaml("a: 'open", "f"); }), "BadConfig");
    EXPECT_EQ(class_of([] { parse_yaml("[1, 2]: 3", "f"); }), "BadConfig");
    EXPECT_EQ(class_of([] { parse_yaml(std::string(9 << 20, ' '), "f"); }), "BadConfig");
    EXPECT_EQ(class_of([] { read_yaml("no/such/config.yaml"); }), "MissingMember");
}

TEST(YamlConfig, NamesTheRowOfAnError) {
    try {
        parse_yaml("a: 1\nb: [1, 2\nc: 3\n", "run/config.yaml");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.place().file, "run/config.yaml");
        ASSERT_TRUE(error.place().row);
        EXPECT_GE(*error.place().row, 1);
    }
}

} // namespace

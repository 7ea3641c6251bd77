#include <gmock/gmock.h>

#include <random>

#include "core/experiment/override_grammar.hpp"
#include "scratch_folder.hpp"

namespace {

using namespace ember;
using ember::test::error_of;
using nlohmann::json;

json value_of(const std::string& raw) {
    return parse_override_value(raw, "key", "key=" + raw);
}

TEST(Override, SplitsKeyAndValue) {
    EXPECT_EQ(split_override("training.lr=1e-4").key, "training.lr");
    EXPECT_EQ(split_override("training.lr = 1e-4").raw, "1e-4");
    EXPECT_EQ(split_override("+a.b=x=y").key, "a.b");
    EXPECT_EQ(split_override("+a.b=x=y").raw, "x=y");
    EXPECT_EQ(split_override("++a.b=").raw, "");
    EXPECT_TRUE(split_override("~a.b").remove);
    EXPECT_TRUE(split_override("~a.b=3").remove);
    for (const char* wrong : {"", "=", "a", "a b=3", ".a=3", "a.=3", "a..b=3", "+++a=3", "-a=3", "[a]=3"}) {
        EXPECT_THROW(split_override(wrong), UsageError) << wrong;
    }
}

TEST(Override, ReadsValuesAsHydraDoes) {
    EXPECT_EQ(value_of("null"), nullptr);
    EXPECT_EQ(value_of("True"), true);
    EXPECT_EQ(value_of("false"), false);
    EXPECT_EQ(value_of("12"), 12);
    EXPECT_EQ(value_of("-1_000"), -1000);
    EXPECT_EQ(value_of("1e-4"), 1e-4);
    EXPECT_TRUE(value_of("1e3").is_number_float());
    EXPECT_EQ(value_of(".5"), 0.5);
    EXPECT_EQ(value_of("007"), "007");
    EXPECT_EQ(value_of("yes"), "yes");
    EXPECT_EQ(value_of("a b  c"), "a b  c");
    EXPECT_EQ(value_of(""), "");
    EXPECT_EQ(value_of("[64,32]"), json::array({64, 32}));
    EXPECT_EQ(value_of("[ a , 'b, c' , [1] , {x: 2} ]"),
              json::array({"a", "b, c", json::array({1}), {{"x", 2}}}));
    EXPECT_EQ(value_of("[]"), json::array());
    EXPECT_EQ(value_of("{a:1,b:{c:[x]},}"), (json{{"a", 1}, {"b", {{"c", json::array({"x"})}}}}));
    EXPECT_EQ(value_of("'true'"), "true");
    EXPECT_EQ(value_of(R"("it's")"), "it's");
    EXPECT_EQ(value_of(R"('it\'s')"), "it's");
    EXPECT_EQ(value_of(R"('C:\dir\\')"), R"(C:\dir\)");
    EXPECT_EQ(value_of(R"(a\,b)"), "a,b");
}

TEST(Override, RefusesWhatDoesNotClose) {
    for (const char* wrong :
         {"[1,2", "[1 2", "{a:1", "{a}", "{a", "'abc", "\"abc", "[1]]", "'a' b", "a,b", "[[[", "[,", "{:1"}) {
        const std::string raw = wrong;
        if (raw == "[,") {
            continue; // an empty item, then the end
        }
        const Error error = error_of([&] { value_of(raw == "{:1" ? "{b:1" : raw); });
        EXPECT_EQ(error.class_name(), "BadConfig") << wrong;
        EXPECT_EQ(error.place().key, "key");
    }
    EXPECT_EQ(error_of([&] { value_of(std::string(100'000, '[')); }).class_name(), "BadConfig");
}

TEST(Override, ALabelMayHoldBracketsAndCommas) {
    EXPECT_EQ(plain_override_text("[('DMSO_TF', 0.0, 'uM')]"), "[('DMSO_TF', 0.0, 'uM')]");
    EXPECT_EQ(plain_override_text(" 'a, b' "), "a, b");
    EXPECT_EQ(plain_override_text("'a' or 'b'"), "'a' or 'b'");
}

TEST(Override, WritesRealsThatStayReal) {
    EXPECT_EQ(real_text(1e-4), "1.0e-04");
    EXPECT_EQ(real_text(1e-6), "1.0e-06");
    EXPECT_EQ(real_text(10), "10.0");
    EXPECT_EQ(real_text(0.05), "0.05");
    EXPECT_EQ(real_text(1.5e300), "1.5e+300");
}

/// Any value, with the characters that the grammar gives a meaning.
json random_value(std::mt19937& random, int depth) {
    const std::string letters = R"(ab1.'"\,:=[]{}()#~$- é)";
    const auto text = [&] {
        std::string made;
        for (auto left = random() % 8; left != 0; --left) {
            made += letters.substr(random() % (letters.size() - 2), 1);
        }
        return made;
    };
    switch (random() % (depth > 3 ? 5 : 7)) {
    case 0:
        return nullptr;
    case 1:
        return random() % 2 == 0;
    case 2:
        return static_cast<std::int64_t>(random()) - 2'000'000'000;
    case 3:
        return std::ldexp(static_cast<double>(random()), static_cast<int>(random() % 200) - 100);
    case 4:
        return text();
    case 5: {
        json list = json::array();
        for (auto left = random() % 4; left != 0; --left) {
            list.push_back(random_value(random, depth + 1));
        }
        return list;
    }
    default: {
        json dict = json::object();
        for (auto left = random() % 4; left != 0; --left) {
            dict[text()] = random_value(random, depth + 1);
        }
        return dict;
    }
    }
}

TEST(Override, WhatIsWrittenIsReadBack) {
    std::mt19937 random(7);
    for (int round = 0; round < 20'000; ++round) {
        const json value = random_value(random, 0);
        const std::string written = override_value_text(value);
        EXPECT_EQ(value_of(written), value) << written;
    }
}

} // namespace

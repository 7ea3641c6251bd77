#include "core/run/unpickler.hpp"

#include <gtest/gtest.h>

#include "tests/core/run/archive_writer.hpp"

namespace {

using namespace ember;
using namespace ember::test;
using nlohmann::json;

PickleDocument read(const std::string& pickle) {
    return unpickle(bytes_of(pickle), "m.ckpt");
}

json json_of(const std::string& pickle) {
    const PickleDocument document = read(pickle);
    return pickle_to_json(document, document.node(document.root), "m.ckpt");
}

std::string class_of_pickle(const std::string& pickle) {
    return class_of([&] { json_of(pickle); });
}

TEST(Unpickler, ReadsPlainValues) {
    PickleWriter p;
    p.op('}').text("a").integer(-5).item().text("b").real(0.25).item();
    p.text("c").op('N').item().text("d").op(0x88).item();
    p.text("e").op(']').mark().op('K').op(200).op('J').raw(little(-7)).op('M').raw("\x01\x02").op('e').item();
    p.text("f").text("x").text("y").op(0x86).item();
    EXPECT_EQ(json_of(p.done()), json::parse(R"({"a": -5, "b": 0.25, "c": null, "d": true,
        "e": [200, -7, 513], "f": ["x", "y"]})"));
}

TEST(Unpickler, ReadsSmallAndNegativeLongs) {
    EXPECT_EQ(json_of(PickleWriter().op(0x8a).op(0).done()), 0);
    EXPECT_EQ(json_of(PickleWriter().op(0x8a).op(1).op(0xff).done()), -1);
    EXPECT_EQ(json_of(PickleWriter().op(0x8a).op(2).op(0xff).op(0x00).done()), 255);
    EXPECT_EQ(class_of_pickle(PickleWriter().op(0x8a).op(9).raw(std::string(9, '\1')).done()),
              "UnsupportedType");
}

TEST(Unpickler, ReadsProtocolFour) {
    std::string p = "\x80\x04\x95";
    p += little<std::uint64_t>(3) + "}\x94\x8c\x01k\x94K\x05s.";
    EXPECT_EQ(json_of(p), json::parse(R"({"k": 5})"));
}

TEST(Unpickler, KeepsSharedValuesAndSurvivesCycles) {
    PickleWriter shared;
    shared.op(']').op('q').op(0).op('K').op(1).op('a').op('h').op(0).op(0x86);
    EXPECT_EQ(json_of(shared.done()), json::parse("[[1], [1]]"));
    PickleWriter cycle;
    cycle.op(']').op('q').op(0).op('h').op(0).op('a');
    EXPECT_EQ(class_of([&] { read(cycle.done()); }), "no error");
    EXPECT_EQ(class_of_pickle(cycle.done()), "Corrupt");
}

TEST(Unpickler, ReadsNumpyText) {
    PickleWriter p;
    p.global("numpy._core.multiarray", "scalar").global("numpy", "dtype").text("U3").op(0x89).op(0x88);
    p.op(0x87).op('R').mark().integer(3).text("<").op('N').op('N').op('N').integer(12).integer(4).integer(8);
    p.op('t').op('b').global("_codecs", "encode");
    p.text(std::string("a\0\0\0\xc2\xb5\0\0\0\0\0\0\0", 13)).text("latin1").op(0x86).op('R');
    p.op(0x86).op('R');
    EXPECT_EQ(json_of(p.done()), "aµ");
}

TEST(Unpickler, ReadsNumpyNumbers) {
    const auto scalar = [](const std::string& code, const std::string& bytes, const std::string& order) {
        PickleWriter p;
        p.global("numpy.core.multiarray", "scalar").global("numpy", "dtype").text(code).op(0x85).op('R');
        p.mark().integer(3).text(order).op('t').op('b');
        p.op('C').op(static_cast<int>(bytes.size())).raw(bytes).op(0x86).op('R');
        return json_of(p.done());
    };
    EXPECT_EQ(scalar("i8", little<std::int64_t>(-9), "<"), -9);
    EXPECT_EQ(scalar("i4", std::string("\0\0\1\0", 4), ">"), 256);
    EXPECT_EQ(scalar("u1", "\xff", "|"), 255);
    EXPECT_EQ(scalar("i1", "\xff", "|"), -1);
    EXPECT_EQ(scalar("f4", little(1.5F), "<"), 1.5);
    EXPECT_EQ(scalar("f8", little(-2.5), "<"), -2.5);
    EXPECT_EQ(scalar("f2", little<std::uint16_t>(0x3e00), "<"), 1.5);
    EXPECT_EQ(scalar("b1", "\1", "|"), true);
    EXPECT_EQ(class_of([&] { scalar("f8", "xx", "<"); }), "Corrupt");
    EXPECT_EQ(class_of([&] { scalar("O8", "xxxxxxxx", "<"); }), "UnsupportedType");
}

TEST(Unpickler, KeepsLossObjectsByName) {
    PickleWriter p;
    p.global("torch.nn.modules.loss", "MSELoss").op(')').op(0x81).op('}').text("training").op(0x88).item();
    p.text("_non_persistent_buffers_set")
        .global("__builtin__", "set")
        .op(']')
        .op(0x85)
        .op('R')
        .item()
        .op('b');
    EXPECT_EQ(json_of(p.done()), "<torch.nn.modules.loss.MSELoss>");
}

struct Named {
    const char *module, *name;
};

class RefusedGlobal : public ::testing::TestWithParam<Named> {};

TEST_P(RefusedGlobal, IsNamedAndNothingElseHappens) {
    const auto [module, name] = GetParam();
    const std::string full = std::string(module) + "." + name;
    PickleWriter stack;
    stack.text(module).text(name).op(0x93).text("echo").op(0x85).op('R');
    const std::vector<std::string> ways{
        PickleWriter().global(module, name).text("echo").op(0x85).op('R').done(),
        PickleWriter().mark().op('i').raw(std::string(module) + "\n" + name + "\n").done(), stack.done()};
    for (const std::string& pickle : ways) {
        try {
            read(pickle);
            FAIL() << full;
        } catch (const Error& error) {
            EXPECT_EQ(error.class_name(), "RefusedGlobal");
            EXPECT_EQ(error.place().key, full);
            EXPECT_NE(std::string(error.what()).find(full), std::string::npos);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(
    Globals, RefusedGlobal,
    ::testing::Values(Named{"os", "system"}, Named{"posix", "system"}, Named{"builtins", "eval"},
                      Named{"__builtin__", "getattr"}, Named{"builtins", "exec"},
                      Named{"subprocess", "Popen"}, Named{"torch", "load"},
                      Named{"torch", "FloatStorage.__class__"}, Named{"torch.storage", "_load_from_bytes"},
                      Named{"torch._utils", "_rebuild_tensor"}, Named{"collections", "OrderedDict.__init__"},
                      Named{"collections", "defaultdict"}, Named{"numpy", "load"}, Named{"_codecs", "decode"},
                      Named{"copyreg", "_reconstructor"}, Named{"torch.nn.modules.loss", "F.os.system"},
                      Named{"torch.nn.modules.lossy", "X"}, Named{"", ""}));

TEST(Unpickler, RefusesTheExtensionRegistry) {
    EXPECT_EQ(class_of_pickle(PickleWriter().op(0x82).op(1).done()), "RefusedGlobal");
}

TEST(Unpickler, RefusesCallsThatAreNotWhatTheySeem) {
    const auto call = [](const PickleWriter& p) { return class_of_pickle(p.done()); };
    EXPECT_EQ(call(PickleWriter().text("os.system").op(')').op('R')), "Corrupt");
    EXPECT_EQ(call(PickleWriter().global("torch", "FloatStorage").integer(9).op(0x85).op('R')), "Corrupt");
    EXPECT_EQ(call(PickleWriter().global("collections", "OrderedDict").text("no tuple").op('R')), "Corrupt");
    EXPECT_EQ(call(PickleWriter().global("collections", "OrderedDict").op(']').op(0x85).op('R')), "Corrupt");
    EXPECT_EQ(call(PickleWriter().global("torch._utils", "_rebuild_tensor_v2").op(')').op('R')), "Corrupt");
    EXPECT_EQ(call(PickleWriter().global("torch._utils", "_rebuild_parameter").op('N').op(0x85).op('R')),
              "Corrupt");
    EXPECT_EQ(call(PickleWriter().global("_codecs", "encode").text("x").text("zip").op(0x86).op('R')),
              "Corrupt");
    EXPECT_EQ(call(PickleWriter().global("_codecs", "encode").text("€").text("latin1").op(0x86).op('R')),
              "Corrupt");
    EXPECT_EQ(call(PickleWriter().integer(1).op('}').op('b')), "Corrupt");
    EXPECT_EQ(call(PickleWriter().text("storage").op(0x85).op('Q')), "Corrupt");
    EXPECT_EQ(call(PickleWriter().op('N').op('Q')), "Corrupt");
}

TEST(Unpickler, RefusesADisorderlyStack) {
    EXPECT_EQ(class_of_pickle(PickleWriter().done()), "Corrupt");
    EXPECT_EQ(class_of_pickle(PickleWriter().op('a').done()), "Corrupt");
    EXPECT_EQ(class_of_pickle(PickleWriter().op('t').done()), "Corrupt");
    EXPECT_EQ(class_of_pickle(PickleWriter().op('}').mark().op('s').done()), "Corrupt");
    EXPECT_EQ(class_of_pickle(PickleWriter().op('}').mark().op('K').op(1).op('u').done()), "Corrupt");
    EXPECT_EQ(class_of_pickle(PickleWriter().op(']').op('K').op(1).op('K').op(2).op('s').done()), "Corrupt");
    EXPECT_EQ(class_of_pickle(PickleWriter().op('h').op(3).done()), "Corrupt");
    EXPECT_EQ(class_of_pickle(PickleWriter().op('N').mark().done()), "Corrupt");
    EXPECT_EQ(class_of_pickle(PickleWriter().op('2').done()), "Corrupt");
    EXPECT_EQ(class_of_pickle(PickleWriter().text("\xff\xfe").done()), "Corrupt");
    EXPECT_EQ(class_of_pickle(PickleWriter().text("\xed\xa0\x80").done()), "Corrupt");
    EXPECT_EQ(class_of_pickle("\x80\x07N."), "UnsupportedType");
    EXPECT_EQ(class_of_pickle(""), "Truncated");
    EXPECT_EQ(class_of_pickle(PickleWriter().op('X').raw("\xff\xff\xff\x7f").done()), "Truncated");
    EXPECT_EQ(class_of_pickle(PickleWriter().op(0x8e).raw(std::string(8, '\xff')).done()), "Truncated");
}

TEST(Unpickler, BoundsDeepNesting) {
    PickleWriter p;
    p.raw(std::string(50'000, ']')).raw(std::string(49'999, 'a'));
    EXPECT_EQ(class_of([&] { read(p.done()); }), "no error");
    EXPECT_EQ(class_of_pickle(p.done()), "Corrupt");
    EXPECT_EQ(class_of_pickle(PickleWriter().raw(std::string(1'000'000, '(')).done()), "Corrupt");
}

TEST(Unpickler, BoundsWhatAMemoRepeats) {
    // Each list holds the one before it ten times: ten to the thirtieth values.
    PickleWriter laughs;
    laughs.op(']').op('q').op(0);
    for (int level = 1; level <= 30; ++level) {
        laughs.op(']').op('q').op(level).mark();
        for (int i = 0; i < 10; ++i) {
            laughs.op('h').op(level - 1);
        }
        laughs.op('e');
    }
    EXPECT_EQ(class_of_pickle(laughs.done()), "Corrupt");
    // A long text, encoded again and again.
    PickleWriter copies;
    copies.global("_codecs", "encode").op('q').op(0).text(std::string(1 << 20, 'x')).text("latin1");
    copies.op(0x86).op('q').op(1);
    for (int i = 0; i < 200; ++i) {
        copies.op('h').op(0).op('h').op(1).op('R');
    }
    EXPECT_EQ(class_of_pickle(copies.done()), "NoMemory");
    EXPECT_EQ(class_of_pickle(PickleWriter().raw(std::string(3'000'000, ']')).done()), "NoMemory");
    PickleWriter references;
    references.op('N').op('q').op(0);
    for (int i = 0; i < 9'000'000; ++i) {
        references.bytes += std::string("h\0", 2);
    }
    EXPECT_EQ(class_of_pickle(references.done()), "Corrupt");
}

TEST(Unpickler, BoundsTextsThatRepeatInPlainValues) {
    PickleWriter texts;
    texts.text(std::string(1 << 20, 'x')).op('q').op(0).op(']').mark();
    for (int i = 0; i < 200; ++i) {
        texts.op('h').op(0);
    }
    EXPECT_EQ(class_of_pickle(texts.op('e').done()), "NoMemory");
}

TEST(Unpickler, BoundsTensorsOfManyDimensions) {
    PickleWriter tensors;
    tensors.mark();
    for (int i = 0; i < 64; ++i) {
        tensors.integer(1);
    }
    tensors.op('t').op('q').op(0);
    tensors.mark().text("storage").global("torch", "FloatStorage").text("0").text("cpu").integer(1);
    tensors.op('t').op('Q').op('q').op(1);
    tensors.global("torch._utils", "_rebuild_tensor_v2").op('q').op(2).integer(0).op('q').op(3).op(']');
    for (int i = 0; i < 200'000; ++i) {
        tensors.op('h').op(2).mark().op('h').op(1).op('h').op(3).op('h').op(0).op('h').op(0);
        tensors.op('t').op('R').op('a');
    }
    EXPECT_EQ(class_of([&] { read(tensors.done()); }), "NoMemory");
}

} // namespace

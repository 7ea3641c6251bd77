#include "core/run/checkpoint_bytes.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/run/label_map.hpp"
#include "core/run/tensor_bounds.hpp"
#include "tests/core/run/archive_writer.hpp"

namespace {

using namespace ember;
using namespace ember::test;
namespace fs = std::filesystem;

CheckpointPtr open(const std::string& file) {
    return checkpoint_from_bytes({nullptr, bytes_of(file), true}, "m.ckpt");
}

std::string class_of_file(const std::string& file) {
    return class_of([&] { open(file); });
}

std::string read_file(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// A Lightning checkpoint of two tensors that share storage 0, with an optimizer state in storage 1.
PickleWriter lightning() {
    PickleWriter p;
    p.op('}').text("epoch").integer(3).item().text("global_step").integer(40).item();
    p.text("pytorch-lightning_version").text("2.6.6").item();
    p.text("state_dict").global("collections", "OrderedDict").op(')').op('R').mark();
    p.text("layer.weight").tensor("0", 6, {2, 2}, {2, 1}).text("layer.bias").tensor("0", 6, {2}, {1}, 4);
    p.op('u').op('}').text("_metadata").op('N').item().op('b').item();
    p.text("optimizer_states").op(']').op('}').text("exp_avg").tensor("1", 4, {4}, {1}).item().op('a').item();
    p.text("hyper_parameters").op('}').text("hidden_dim").integer(2).item().item();
    return p;
}

std::string lightning_file() {
    return torch_file(lightning().done(), {floats({1, 2, 3, 4, 5, 6}), floats({0, 0, 0, 0})});
}

std::string one_tensor(const PickleWriter& tensor, const std::vector<std::string>& storages) {
    return torch_file(PickleWriter().op('}').text("w").raw(tensor.bytes.substr(2)).item().done(), storages);
}

PickleWriter tensor(std::int64_t numel, const std::vector<std::int64_t>& shape,
                    const std::vector<std::int64_t>& strides, std::int64_t offset = 0) {
    return PickleWriter().tensor("0", numel, shape, strides, offset);
}

TEST(Checkpoint, ReadsALightningCheckpoint) {
    const std::string file = lightning_file();
    const CheckpointPtr checkpoint = open(file);
    EXPECT_EQ(checkpoint->format(), "Lightning checkpoint");
    EXPECT_EQ(checkpoint->epoch(), 3);
    EXPECT_EQ(checkpoint->global_step(), 40);
    EXPECT_TRUE(checkpoint->has_optimizer_state());
    EXPECT_EQ(checkpoint->hyper_parameters(), nlohmann::json::parse(R"({"hidden_dim": 2})"));
    EXPECT_EQ(checkpoint->file_bytes(), file.size());
    ASSERT_EQ(checkpoint->tensors().size(), 2U);
    EXPECT_EQ(checkpoint->tensors()[0].name, "layer.weight");
    EXPECT_THAT(float_values(checkpoint->tensors()[0]), ::testing::ElementsAre(1, 2, 3, 4));
    EXPECT_THAT(float_values(*checkpoint->find("layer.bias")), ::testing::ElementsAre(5, 6));
    EXPECT_EQ(checkpoint->find("exp_avg"), nullptr);
}

TEST(Checkpoint, NeverLooksAtTheOptimizersTensors) {
    EXPECT_EQ(class_of_file(torch_file(lightning().done(), {floats({1, 2, 3, 4, 5, 6})})), "no error");
}

TEST(Checkpoint, ReadsAPlainStateDict) {
    const std::string file = one_tensor(tensor(4, {2, 2}, {1, 2}), {floats({1, 2, 3, 4})});
    const CheckpointPtr checkpoint = open(file);
    EXPECT_EQ(checkpoint->format(), "PyTorch state dict");
    EXPECT_FALSE(checkpoint->tensors()[0].contiguous());
    EXPECT_THAT(float_values(checkpoint->tensors()[0]), ::testing::ElementsAre(1, 3, 2, 4));
    EXPECT_FALSE(checkpoint->has_optimizer_state());
    EXPECT_FALSE(checkpoint->epoch());
    EXPECT_TRUE(checkpoint->hyper_parameters().is_object());
}

TEST(Checkpoint, ReadsHalfPrecision) {
    PickleWriter p;
    p.op('}').text("h").global("torch._utils", "_rebuild_parameter").mark();
    p.global("torch._utils", "_rebuild_tensor_v2").mark().storage("0", 2, "BFloat16Storage").integer(0);
    p.integers({2}).integers({1}).op(0x89).op('N').op('t').op('R').op(0x88).op('N').op('t').op('R').item();
    const std::string file = torch_file(p.done(), {little<std::uint32_t>(0x40003f80)});
    EXPECT_THAT(float_values(open(file)->tensors()[0]), ::testing::ElementsAre(1, 2));
    EXPECT_EQ(open(file)->tensors()[0].type, ScalarType::bfloat16);
}

TEST(Checkpoint, TheFingerprintFollowsTheTensors) {
    const std::string same = open(lightning_file())->fingerprint();
    EXPECT_EQ(same.size(), 64U);
    EXPECT_EQ(open(lightning_file())->fingerprint(), same);
    const std::string other =
        torch_file(lightning().done(), {floats({1, 2, 3, 4, 5, 7}), floats({0, 0, 0, 0})});
    EXPECT_NE(open(other)->fingerprint(), same);
}

TEST(Checkpoint, RefusesTensorsBeyondTheirData) {
    const std::vector<std::string> four{floats({1, 2, 3, 4})};
    const auto refused = [&](const PickleWriter& p) { return class_of_file(one_tensor(p, four)); };
    EXPECT_EQ(refused(tensor(4, {4}, {1})), "no error");
    EXPECT_EQ(refused(tensor(4, {}, {}, 3)), "no error");
    EXPECT_EQ(refused(tensor(4, {0, 5}, {5, 1})), "no error");
    EXPECT_EQ(refused(tensor(4, {5}, {1})), "Corrupt");
    EXPECT_EQ(refused(tensor(4, {4}, {1}, 1)), "Corrupt");
    EXPECT_EQ(refused(tensor(4, {2}, {4})), "Corrupt");
    EXPECT_EQ(refused(tensor(4, {2}, {-1}, 3)), "Corrupt");
    EXPECT_EQ(refused(tensor(4, {-2}, {1})), "Corrupt");
    EXPECT_EQ(refused(tensor(4, {2}, {1}, -1)), "Corrupt");
    EXPECT_EQ(refused(tensor(4, {2}, {1}, INT64_MAX)), "Corrupt");
    EXPECT_EQ(refused(tensor(4, {1'000'000'000'000}, {0})), "Corrupt");
    EXPECT_EQ(refused(tensor(4, {1LL << 32, 1LL << 32, 4}, {0, 0, 1})), "Corrupt");
    EXPECT_EQ(refused(tensor(4, {2, 2}, {INT64_MAX, INT64_MAX})), "Corrupt");
    EXPECT_EQ(refused(tensor(4, {2, 2}, {1})), "Corrupt");
    EXPECT_EQ(refused(tensor(5, {4}, {1})), "Corrupt");
    EXPECT_EQ(refused(tensor(-1, {4}, {1})), "Corrupt");
    EXPECT_EQ(refused(tensor(4, std::vector<std::int64_t>(65, 1), std::vector<std::int64_t>(65, 1))),
              "Corrupt");
    EXPECT_EQ(class_of_file(one_tensor(tensor(4, {4}, {1}), {})), "MissingMember");
}

TEST(Checkpoint, RefusesWhatIsNoCheckpoint) {
    EXPECT_EQ(class_of_file(torch_file(PickleWriter().op(']').done(), {})), "NotACheckpoint");
    EXPECT_EQ(class_of_file(torch_file(PickleWriter().op('}').done(), {})), "NotACheckpoint");
    EXPECT_EQ(class_of_file(ZipWriter().add("a/readme.txt", "hello").write()), "NotACheckpoint");
    EXPECT_EQ(class_of_file("just some text, long enough to be looked at"), "NotACheckpoint");
    const std::string old = "\x80\x02\x8a\x0al\xfc\x9c\x46\xf9 j\xa8P\x19.";
    EXPECT_EQ(class_of_file(old), "NotACheckpoint");
    try {
        open(old);
    } catch (const Error& error) {
        EXPECT_THAT(error.message(), ::testing::HasSubstr("before version 1.6"));
    }
    ZipWriter big;
    big.add("archive/data.pkl", lightning().done()).add("archive/byteorder", "big");
    EXPECT_EQ(class_of_file(big.write()), "UnsupportedType");
    ZipWriter flipped;
    flipped.add("archive/data.pkl", lightning().done());
    flipped.parts[0].wrong_crc = true;
    EXPECT_EQ(class_of_file(flipped.write()), "Corrupt");
    EXPECT_EQ(class_of([] { Checkpoint::open("no/such/file.ckpt"); }), "CannotRead");
    EXPECT_EQ(class_of([] { Checkpoint::open(EMBER_TEST_DATA); }), "CannotRead");
}

TEST(Checkpoint, EveryTruncationIsAnError) {
    const std::string file = lightning_file();
    for (std::size_t size = 0; size < file.size(); ++size) {
        const std::string cut = file.substr(0, size);
        EXPECT_NE(class_of_file(cut), "no error") << size;
    }
}

TEST(Checkpoint, EveryFlippedByteIsReadOrRefused) {
    const std::string file = lightning_file();
    std::size_t refused = 0;
    for (std::size_t at = 0; at < file.size(); ++at) {
        for (const int flip : {0x01, 0x80, 0xff}) {
            std::string bent = file;
            bent[at] = static_cast<char>(bent[at] ^ flip);
            const std::string result = class_of([&] {
                const CheckpointPtr checkpoint =
                    checkpoint_from_bytes({nullptr, bytes_of(bent), false}, "m.ckpt");
                for (const TensorView& view : checkpoint->tensors()) {
                    float_values(view);
                }
            });
            refused += result == "no error" ? 0 : 1;
        }
    }
    EXPECT_GT(refused, file.size() / 2);
}

TEST(Checkpoint, TruncatedRealFilesAreErrors) {
    const fs::path state = fs::path(EMBER_TEST_DATA) / "state";
    const std::string checkpoint = read_file(state / "run_tiny/checkpoints/final.ckpt");
    for (std::size_t size = 0; size < checkpoint.size(); size += 9973) {
        EXPECT_NE(class_of_file(checkpoint.substr(0, size)), "no error") << size;
    }
    const std::string map = read_file(state / "run_tiny/pert_onehot_map.pt");
    const std::string dims = read_file(state / "run_tiny/var_dims.pkl");
    for (std::size_t size = 0; size < map.size(); ++size) {
        EXPECT_NE(class_of([&] { label_map_from_bytes(bytes_of(map.substr(0, size)), "m"); }), "no error");
    }
    for (std::size_t size = 0; size < dims.size(); ++size) {
        EXPECT_NE(class_of([&] { var_dims_from_bytes(bytes_of(dims.substr(0, size)), "m"); }), "no error");
    }
}

} // namespace

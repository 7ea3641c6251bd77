#include "core/run/training_state.hpp"

#include <csignal>
#include <cstring>
#include <functional>
#include <numeric>
#include <sys/resource.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "archive_writer.hpp"
#include "child_process.hpp"
#include "core/run/mapped_file.hpp"
#include "core/run/torch_archive.hpp"
#include "core/run/torch_writer.hpp"
#include "scratch_folder.hpp"

namespace ember {
namespace {

using test::ScratchFolder;
using test::text_of;
using testing::ElementsAre;

const std::filesystem::path peer_run = std::filesystem::path(EMBER_TEST_DATA) / "state/run_tiny";

SavedTensor saved(const TensorView& view) {
    return {view.name, view.type, view.shape,
            std::span(view.data, static_cast<std::size_t>(view.numel()) * size_of(view.type)), false};
}

/// A small state over numbers that it holds.
struct SmallState {
    std::vector<float> numbers = std::vector<float>(64);
    TrainingState state;

    SmallState() {
        std::iota(numbers.begin(), numbers.end(), 0.5F);
        state.epoch = 3;
        state.global_step = 31;
        state.batches_in_epoch = 4;
        state.batches_per_epoch = 9;
        state.weights = {tensor("pert_encoder.0.weight", {4, 3}, 0), tensor("pert_encoder.0.bias", {4}, 12)};
        SavedTensor unused;
        unused.name = "transformer_backbone.embed_tokens.weight";
        unused.shape = {700, 50};
        unused.zeros = true;
        state.weights.push_back(unused);
        state.hyper_parameters = {{"input_dim", 3}, {"lr", 1e-3}, {"lora", nullptr}};
        state.optimizer = OptimizerGroup{1e-3, 0.8, 0.99, 1e-7, 0.01, true, 3};
        state.moments = {{0, 31, tensor("", {4, 3}, 16), tensor("", {4, 3}, 28)},
                         {1, 30, tensor("", {4}, 40), tensor("", {4}, 44)}};
        state.best_score = 1.25;
        state.best_path = "out/checkpoints/best.ckpt";
        state.checkpoint_folder = "out/checkpoints";
        state.emberview = {{"seed", 42}, {"guard", {1.5, nullptr}}};
    }

    SavedTensor tensor(const std::string& name, std::vector<std::int64_t> shape, std::size_t from) const {
        std::size_t count = 1;
        for (const std::int64_t extent : shape) {
            count *= static_cast<std::size_t>(extent);
        }
        return {name, ScalarType::float32, std::move(shape),
                std::as_bytes(std::span(numbers).subspan(from, count)), false};
    }
};

std::vector<float> values(const TensorView& view) {
    std::vector<float> numbers(static_cast<std::size_t>(view.numel()));
    std::memcpy(numbers.data(), view.data, numbers.size() * sizeof(float));
    return numbers;
}

TEST(TrainingState, ComesBackAsItWasWritten) {
    const ScratchFolder folder;
    const SmallState small;
    JobContext job;
    write_training_state(folder / "last.ckpt", small.state, job);
    EXPECT_EQ(test::files_in(folder.path()), 1U);
    const LoadedTrainingState read = read_training_state(folder / "last.ckpt");
    EXPECT_EQ(read.epoch, 3);
    EXPECT_EQ(read.global_step, 31);
    EXPECT_EQ(read.batches_in_epoch, 4);
    EXPECT_EQ(read.best_score, 1.25);
    EXPECT_EQ(read.emberview, nlohmann::json::parse(small.state.emberview.dump()));
    ASSERT_TRUE(read.optimizer);
    EXPECT_EQ(read.optimizer->lr, 1e-3);
    EXPECT_EQ(read.optimizer->beta1, 0.8);
    EXPECT_EQ(read.optimizer->beta2, 0.99);
    EXPECT_EQ(read.optimizer->eps, 1e-7);
    EXPECT_EQ(read.optimizer->weight_decay, 0.01);
    EXPECT_TRUE(read.optimizer->decoupled_weight_decay);
    EXPECT_EQ(read.optimizer->parameters, 3);
    ASSERT_EQ(read.moments.size(), 2U);
    EXPECT_EQ(read.moments[1].parameter, 1);
    EXPECT_EQ(read.moments[1].step, 30);
    EXPECT_THAT(values(read.moments[1].exp_avg), ElementsAre(40.5F, 41.5F, 42.5F, 43.5F));
    EXPECT_THAT(values(read.moments[1].exp_avg_sq), ElementsAre(44.5F, 45.5F, 46.5F, 47.5F));
    EXPECT_THAT(read.moments[0].exp_avg.shape, ElementsAre(4, 3));
    const Checkpoint& checkpoint = *read.checkpoint;
    ASSERT_EQ(checkpoint.tensors().size(), 3U);
    EXPECT_EQ(checkpoint.tensors()[0].name, "pert_encoder.0.weight");
    EXPECT_THAT(values(checkpoint.tensors()[1]), ElementsAre(12.5F, 13.5F, 14.5F, 15.5F));
    EXPECT_EQ(values(checkpoint.tensors()[2]), std::vector<float>(35'000, 0.0F));
    EXPECT_EQ(checkpoint.hyper_parameters(),
              (nlohmann::json{{"input_dim", 3}, {"lr", 1e-3}, {"lora", nullptr}}));
}

TEST(TrainingState, TheSameStateGivesTheSameBytes) {
    const ScratchFolder folder;
    const SmallState small;
    JobContext job;
    write_training_state(folder / "a.ckpt", small.state, job);
    write_training_state(folder / "b.ckpt", small.state, job);
    EXPECT_TRUE(text_of(folder / "a.ckpt") == text_of(folder / "b.ckpt"));
}

TEST(TrainingState, PlacesInTheRun) {
    const ScratchFolder folder;
    SmallState small;
    JobContext job;
    const auto place = [&](std::int64_t epoch, std::int64_t step, std::int64_t batches) {
        small.state.epoch = epoch;
        small.state.global_step = step;
        small.state.batches_in_epoch = batches;
        write_training_state(folder / "last.ckpt", small.state, job);
        const LoadedTrainingState read = read_training_state(folder / "last.ckpt");
        return std::vector<std::int64_t>{read.epoch, read.global_step, read.batches_in_epoch};
    };
    EXPECT_THAT(place(0, 0, 0), ElementsAre(0, 0, 0));
    EXPECT_THAT(place(0, 1, 1), ElementsAre(0, 1, 1));
    EXPECT_THAT(place(1, 9, 0), ElementsAre(1, 9, 0));
    EXPECT_THAT(place(0, 9, 9), ElementsAre(1, 9, 0));
    small.state.batches_per_epoch = 0;
    EXPECT_THAT(place(1, 9, 0), ElementsAre(1, 9, 0));
    EXPECT_THAT(place(1, 12, 3), ElementsAre(1, 12, 3));
}

TEST(TrainingState, WeightsAloneAreNoTraining) {
    const ScratchFolder folder;
    SmallState small;
    small.state.optimizer.reset();
    small.state.moments.clear();
    small.state.emberview = nullptr;
    JobContext job;
    write_training_state(folder / "final.ckpt", small.state, job);
    const LoadedTrainingState read = read_training_state(folder / "final.ckpt");
    EXPECT_FALSE(read.optimizer);
    EXPECT_FALSE(read.checkpoint->has_optimizer_state());
    EXPECT_TRUE(read.emberview.is_null());

    PickleValue plain = PickleValue::dict();
    plain.set("a.weight", PickleValue::tensor(0, ScalarType::float32, {2}));
    write_torch_file(folder / "plain.pt", "archive", plain, {{{}, 8}}, job);
    EXPECT_EQ(test::class_of([&] { read_training_state(folder / "plain.pt"); }), "BadCheckpoint");
}

/// Whether two pickles describe the same values: dicts by their keys, tensors by their bytes.
class SameNodes {
public:
    SameNodes(const TorchArchive& a, const TorchArchive& b) : a_(a), b_(b) {}
    void compare() { compare(a_.root(), b_.root(), "root"); }
    std::size_t compared() const { return compared_; }

private:
    void compare(const PickleNode& a, const PickleNode& b, const std::string& place) {
        ++compared_;
        ASSERT_EQ(a.kind, b.kind) << place;
        ASSERT_EQ(a.items.size(), b.items.size()) << place;
        EXPECT_EQ(a.text, b.text) << place;
        if (a.kind == PickleKind::tensor) {
            const TensorView left = a_.view(a, place), right = b_.view(b, place);
            EXPECT_EQ(left.type, right.type) << place;
            EXPECT_EQ(left.shape, right.shape) << place;
            EXPECT_EQ(left.strides, right.strides) << place;
            const std::size_t bytes = static_cast<std::size_t>(left.numel()) * size_of(left.type);
            EXPECT_EQ(std::memcmp(left.data, right.data, bytes), 0) << place;
            EXPECT_EQ(reinterpret_cast<std::uintptr_t>(right.data) % 64,
                      reinterpret_cast<std::uintptr_t>(left.data) % 64);
            return;
        }
        EXPECT_EQ(a.integer, b.integer) << place;
        EXPECT_EQ(a.real, b.real) << place;
        const bool is_dict = a.kind == PickleKind::dict;
        for (std::size_t i = 0; i < a.items.size(); i += is_dict ? 2 : 1) {
            const PickleNode& key = a_.document().node(a.items[i]);
            const std::string below =
                place + "/" + (is_dict ? key.text + std::to_string(key.integer) : std::to_string(i));
            if (!is_dict) {
                compare(key, b_.document().node(b.items[i]), below);
                continue;
            }
            const PickleNode* const other = value_of(b, key);
            ASSERT_NE(other, nullptr) << below;
            compare(a_.document().node(a.items[i + 1]), *other, below);
        }
    }

    const PickleNode* value_of(const PickleNode& dict, const PickleNode& key) const {
        for (std::size_t i = 0; i + 1 < dict.items.size(); i += 2) {
            const PickleNode& candidate = b_.document().node(dict.items[i]);
            if (candidate.kind == key.kind && candidate.text == key.text &&
                candidate.integer == key.integer) {
                return &b_.document().node(dict.items[i + 1]);
            }
        }
        return nullptr;
    }

    const TorchArchive& a_;
    const TorchArchive& b_;
    std::size_t compared_ = 0;
};

/// What arc-state's file says, to be written by us.
TrainingState state_of(const LoadedTrainingState& loaded) {
    TrainingState state;
    state.epoch = 39;
    state.global_step = loaded.global_step;
    state.batches_in_epoch = state.batches_per_epoch = 10;
    state.val_batches = 2;
    state.val_freq = 50;
    for (const TensorView& tensor : loaded.checkpoint->tensors()) {
        state.weights.push_back(saved(tensor));
    }
    state.hyper_parameters = nlohmann::ordered_json::parse(loaded.checkpoint->hyper_parameters().dump());
    state.optimizer = loaded.optimizer;
    for (const LoadedMoments& moments : loaded.moments) {
        state.moments.push_back(
            {moments.parameter, moments.step, saved(moments.exp_avg), saved(moments.exp_avg_sq)});
    }
    state.best_score = loaded.best_score;
    state.checkpoint_folder = "runs/run_tiny/checkpoints";
    state.best_path = "runs/run_tiny/checkpoints/best.ckpt";
    return state;
}

TEST(TrainingState, ReadsArcStatesOwn) {
    const LoadedTrainingState last = read_training_state(peer_run / "checkpoints/last.ckpt");
    EXPECT_EQ(last.epoch, 40);
    EXPECT_EQ(last.global_step, 400);
    EXPECT_EQ(last.batches_in_epoch, 0);
    ASSERT_TRUE(last.optimizer);
    EXPECT_EQ(last.optimizer->lr, 1e-3);
    EXPECT_FALSE(last.optimizer->decoupled_weight_decay);
    EXPECT_EQ(last.optimizer->parameters, 48);
    ASSERT_EQ(last.moments.size(), 37U);
    EXPECT_EQ(last.moments[0].parameter, 10);
    EXPECT_EQ(last.moments[0].step, 400);
    EXPECT_THAT(last.moments[0].exp_avg.shape, ElementsAre(48, 6));
    EXPECT_NEAR(last.best_score.value(), 1.66356444, 1e-6);
    EXPECT_TRUE(last.emberview.is_null());
}

TEST(TrainingState, ReadsTheDemosRuns) {
    const LoadedTrainingState wound =
        read_training_state(std::filesystem::path(EMBER_DEMO) / "st_wound/checkpoints/final.ckpt");
    EXPECT_EQ(wound.global_step, 1500);
    EXPECT_EQ(wound.epoch, 66);
    EXPECT_EQ(wound.batches_in_epoch, 5);
    EXPECT_EQ(wound.optimizer->parameters, 53);
    EXPECT_EQ(wound.moments.size(), 46U);
    EXPECT_NEAR(wound.best_score.value(), 3.40937, 1e-5);
    const LoadedTrainingState lora =
        read_training_state(peer_run.parent_path() / "run_tiny_lora/checkpoints/final.ckpt");
    EXPECT_EQ(lora.global_step, 20);
    EXPECT_EQ(lora.optimizer->parameters, 64);
    EXPECT_EQ(lora.moments.size(), 34U); // of the parameters that are trained
}

TEST(TrainingState, WritesWhatArcStateWrites) {
    const ScratchFolder folder;
    const auto peer = peer_run / "checkpoints/last.ckpt";
    const LoadedTrainingState loaded = read_training_state(peer);
    JobContext job;
    write_training_state(folder / "last.ckpt", state_of(loaded), job);
    const auto theirs = MappedFile::open(peer), ours = MappedFile::open(folder / "last.ckpt");
    const TorchArchive a(theirs->bytes(), "theirs"), b(ours->bytes(), "ours");
    SameNodes same(a, b);
    same.compare();
    EXPECT_GT(same.compared(), 500U);
    EXPECT_EQ(a.zip().entries().size(), b.zip().entries().size());
    const LoadedTrainingState read = read_training_state(folder / "last.ckpt");
    ASSERT_EQ(read.checkpoint->tensors().size(), loaded.checkpoint->tensors().size());
    for (std::size_t i = 0; i < read.checkpoint->tensors().size(); ++i) {
        EXPECT_EQ(read.checkpoint->tensors()[i].name, loaded.checkpoint->tensors()[i].name);
    }
}

TEST(TrainingState, ACancelledOrFailedWritingLeavesTheOldFile) {
    const ScratchFolder folder;
    const auto file = folder / "last.ckpt";
    SmallState small;
    JobContext job;
    write_training_state(file, small.state, job);
    const std::string before = text_of(file);
    small.state.global_step = 32;
    std::stop_source stop;
    stop.request_stop();
    JobContext cancelled(nullptr, stop.get_token());
    EXPECT_EQ(test::class_of([&] { write_training_state(file, small.state, cancelled); }), "Cancelled");
    test::ChildProcess child([&](const auto& ready) {
        ready();
        std::signal(SIGXFSZ, SIG_IGN); // the file may grow to 64 KiB and no further
        const rlimit limit{1 << 16, 1 << 16};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        const std::string found = test::class_of([&] { write_training_state(file, small.state, job); });
        ::_exit(found == "NoSpace" ? 7 : 1);
    });
    EXPECT_EQ(child.end(0), 7);
    EXPECT_EQ(test::class_of([&] { write_training_state(folder / "none/last.ckpt", small.state, job); }),
              "CannotWrite");
    EXPECT_TRUE(text_of(file) == before);
    EXPECT_EQ(test::files_in(folder.path()), 1U);
}

TEST(TrainingState, DamagedDataAreRefused) {
    const ScratchFolder folder;
    const SmallState small;
    JobContext job;
    write_training_state(folder / "last.ckpt", small.state, job);
    const std::string good = text_of(folder / "last.ckpt");
    const float moment = 44.5F;
    const std::size_t at = good.find(std::string(reinterpret_cast<const char*>(&moment), 4));
    ASSERT_NE(at, std::string::npos);
    std::string bad = good;
    bad[at] ^= 1;
    test::write_text(folder / "bad.ckpt", bad);
    EXPECT_EQ(test::class_of([&] { read_training_state(folder / "bad.ckpt"); }), "Corrupt");
    for (const std::size_t length : {std::size_t{0}, std::size_t{100}, good.size() / 2, good.size() - 1}) {
        test::write_text(folder / "cut.ckpt", good.substr(0, length));
        EXPECT_THAT(test::class_of([&] { read_training_state(folder / "cut.ckpt"); }),
                    testing::AnyOf("Truncated", "Corrupt", "NotACheckpoint"));
    }
}

/// An optimizer's entry that `change` spoils, in an otherwise whole file.
std::string class_of_optimizer(const std::function<void(PickleValue& state, PickleValue& group)>& change) {
    const ScratchFolder folder;
    const auto tensor = [](std::vector<std::int64_t> shape) {
        return PickleValue::tensor(0, ScalarType::float32, std::move(shape));
    };
    PickleValue weights = PickleValue::ordered_dict();
    weights.set("a.weight", tensor({2}));
    PickleValue entry = PickleValue::dict(), state = PickleValue::dict(), group = PickleValue::dict();
    entry.set("step", 3).set("exp_avg", tensor({2})).set("exp_avg_sq", tensor({2}));
    state.set(0, entry);
    group.set("lr", 0.1)
        .set("betas", PickleValue::tuple({0.9, 0.999}))
        .set("params", PickleValue::list({0, 1}));
    change(state, group);
    PickleValue optimizer = PickleValue::dict(), root = PickleValue::dict();
    optimizer.set("state", state).set("param_groups", PickleValue::list({group}));
    root.set("pytorch-lightning_version", "2.6.6").set("state_dict", weights);
    root.set("optimizer_states", PickleValue::list({optimizer}));
    JobContext job;
    write_torch_file(folder / "a.ckpt", "archive", root, {{{}, 8}}, job);
    return test::class_of([&] { read_training_state(folder / "a.ckpt"); });
}

TEST(TrainingState, OptimizersThatCannotBeGoneOnWithAreRefused) {
    const auto tensor = [](std::vector<std::int64_t> shape) {
        return PickleValue::tensor(0, ScalarType::float32, std::move(shape));
    };
    using V = PickleValue;
    EXPECT_EQ(class_of_optimizer([](V&, V&) {}), "no error");
    EXPECT_EQ(class_of_optimizer([](V& state, V&) { state.items[0] = 2; }), "BadCheckpoint");
    EXPECT_EQ(class_of_optimizer([](V& state, V&) { state.items[0] = -1; }), "BadCheckpoint");
    EXPECT_EQ(class_of_optimizer([](V& state, V&) { state.items[0] = "x"; }), "BadCheckpoint");
    EXPECT_EQ(class_of_optimizer([](V& state, V&) { state.set(0, state.items[1]); }), "BadCheckpoint");
    EXPECT_EQ(class_of_optimizer([](V& state, V&) { state.items[1].items[1] = -1.0; }), "BadCheckpoint");
    EXPECT_EQ(class_of_optimizer([](V& state, V&) { state.items[1].items[3] = 5; }), "BadCheckpoint");
    EXPECT_EQ(class_of_optimizer([&](V& state, V&) { state.items[1].items[5] = tensor({1}); }),
              "BadCheckpoint");
    EXPECT_EQ(class_of_optimizer([&](V& state, V&) { state.items[1].items[5] = tensor({3}); }), "Corrupt");
    EXPECT_EQ(class_of_optimizer([](V& state, V&) { state.items[1] = V::dict(); }), "BadCheckpoint");
    EXPECT_EQ(class_of_optimizer([](V&, V& group) { group.items[1] = "fast"; }), "BadCheckpoint");
    EXPECT_EQ(class_of_optimizer([](V&, V& group) { group.items[3] = 0.9; }), "BadCheckpoint");
    EXPECT_EQ(class_of_optimizer([](V&, V& group) { group.items[5] = V::list({1, 0}); }), "BadCheckpoint");
    EXPECT_EQ(class_of_optimizer([](V&, V& group) { group.items[5] = V(); }), "BadCheckpoint");
    EXPECT_EQ(class_of_optimizer([](V&, V& group) { group.set("amsgrad", true); }), "BadCheckpoint");
}

} // namespace
} // namespace ember

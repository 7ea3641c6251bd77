#include "core/run/lightning_state.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <unordered_set>

namespace ember {

namespace {

/// The release whose layout this is.
constexpr const char* lightning_version = "2.6.6";

PickleValue dict_of(std::initializer_list<std::pair<const char*, PickleValue>> entries) {
    PickleValue dict = PickleValue::dict();
    for (const auto& [key, value] : entries) {
        dict.set(key, value);
    }
    return dict;
}

// Lightning's counters: how often something was ready, done, begun and worked on.
PickleValue two_counts(std::int64_t count) {
    return dict_of({{"ready", count}, {"completed", count}});
}
PickleValue three_counts(std::int64_t count) {
    return two_counts(count).set("started", count);
}
PickleValue four_counts(std::int64_t begun, std::int64_t done) {
    return dict_of({{"ready", begun}, {"completed", done}, {"started", begun}, {"processed", done}});
}
PickleValue progress(PickleValue total, PickleValue current) {
    return dict_of({{"total", std::move(total)}, {"current", std::move(current)}});
}
PickleValue batch_progress(std::int64_t total, std::int64_t current) {
    return progress(four_counts(total, total), four_counts(current, current));
}

/// validate_loop and test_loop, which a fit leaves unused; predict_loop does not count last batches.
PickleValue idle_loop(bool counts_last) {
    PickleValue batches = batch_progress(0, 0);
    if (counts_last) {
        batches.set("is_last_batch", false);
    }
    return dict_of({{"state_dict", PickleValue::dict()}, {"batch_progress", std::move(batches)}});
}

PickleValue fit_loop(const TrainingState& state) {
    const std::int64_t steps = state.global_step;
    const std::int64_t total = state.batches_total < 0 ? steps : state.batches_total;
    const bool between_epochs = state.batches_in_epoch == 0;
    const std::int64_t current =
        between_epochs && total > 0 ? state.batches_per_epoch : state.batches_in_epoch;
    const bool is_last = total > 0 && current == state.batches_per_epoch;
    const std::int64_t begun = state.epoch + (between_epochs ? 0 : 1);
    const std::string epoch_loop = "epoch_loop.";
    const PickleValue none = progress(two_counts(0), two_counts(0));
    // A step counts as taken for the loggers only after its checkpoint, unless the epoch is over.
    const std::int64_t stepped = std::max<std::int64_t>(0, between_epochs ? steps : steps - 1);
    PickleValue loop = PickleValue::dict();
    loop.set("state_dict", PickleValue::dict());
    loop.set(epoch_loop + "state_dict", dict_of({{"_batches_that_stepped", stepped}}));
    loop.set(epoch_loop + "batch_progress", batch_progress(total, current).set("is_last_batch", is_last));
    loop.set(epoch_loop + "scheduler_progress", none);
    loop.set(epoch_loop + "automatic_optimization.state_dict", PickleValue::dict());
    loop.set(epoch_loop + "automatic_optimization.optim_progress",
             dict_of({{"optimizer",
                       dict_of({{"step", progress(two_counts(steps), two_counts(current))},
                                {"zero_grad", progress(three_counts(total), three_counts(current))}})}}));
    loop.set(epoch_loop + "manual_optimization.state_dict", PickleValue::dict());
    loop.set(epoch_loop + "manual_optimization.optim_step_progress", none);
    loop.set(epoch_loop + "val_loop.state_dict", PickleValue::dict());
    loop.set(
        epoch_loop + "val_loop.batch_progress",
        batch_progress(state.val_batches, state.val_batches).set("is_last_batch", state.val_batches > 0));
    loop.set("epoch_progress", progress(four_counts(begun, state.epoch), four_counts(begun, state.epoch)));
    return loop;
}

/// Names of all modules on the way to the weights, each after its parent.
std::vector<std::string> modules_of(const TrainingState& state) {
    if (!state.modules.empty()) {
        return state.modules;
    }
    std::vector<std::string> modules{""};
    std::unordered_set<std::string> known{""};
    for (const SavedTensor& weight : state.weights) {
        for (std::size_t dot = weight.name.find('.'); dot != std::string::npos;
             dot = weight.name.find('.', dot + 1)) {
            if (known.insert(weight.name.substr(0, dot)).second) {
                modules.push_back(weight.name.substr(0, dot));
            }
        }
    }
    return modules;
}

class LightningBuilder {
public:
    explicit LightningBuilder(const TrainingState& state) : state_(state) {}

    LightningState build() {
        PickleValue root = dict_of({{"epoch", state_.epoch}, {"global_step", state_.global_step}});
        root.set("pytorch-lightning_version", lightning_version);
        root.set("state_dict", weights());
        root.set("loops", dict_of({{"fit_loop", fit_loop(state_)},
                                   {"validate_loop", idle_loop(true)},
                                   {"test_loop", idle_loop(true)},
                                   {"predict_loop", idle_loop(false)}}));
        if (state_.optimizer) {
            root.set("callbacks", callbacks());
            root.set("optimizer_states", PickleValue::list({optimizer(*state_.optimizer)}));
            root.set("lr_schedulers", PickleValue::list());
        }
        root.set("hparams_name", "kwargs");
        root.set("hyper_parameters", PickleValue(state_.hyper_parameters));
        if (!state_.emberview.is_null()) {
            root.set("emberview", PickleValue(state_.emberview));
        }
        result_.root = std::move(root);
        return std::move(result_);
    }

private:
    PickleValue tensor(const SavedTensor& saved) {
        std::uint64_t bytes = size_of(saved.type);
        for (const std::int64_t extent : saved.shape) {
            bytes *= static_cast<std::uint64_t>(extent);
        }
        if (!saved.zeros && saved.bytes.size() != bytes) {
            throw std::logic_error("tensor '" + saved.name + "' has other data than its shape says");
        }
        result_.storages.push_back({saved.zeros ? std::span<const std::byte>() : saved.bytes, bytes});
        return PickleValue::tensor(static_cast<std::int64_t>(result_.storages.size() - 1), saved.type,
                                   saved.shape);
    }

    PickleValue scalar(double value) {
        result_.scalars.push_back(std::make_unique<float>(static_cast<float>(value)));
        const std::span<const float> one(result_.scalars.back().get(), 1);
        result_.storages.push_back({std::as_bytes(one), 0});
        return PickleValue::tensor(static_cast<std::int64_t>(result_.storages.size() - 1),
                                   ScalarType::float32, {});
    }

    PickleValue weights() {
        PickleValue dict = PickleValue::ordered_dict();
        for (const SavedTensor& weight : state_.weights) {
            dict.set(weight.name, tensor(weight));
        }
        PickleValue metadata = PickleValue::ordered_dict();
        for (const std::string& module : modules_of(state_)) {
            metadata.set(module, dict_of({{"version", 1}}));
        }
        dict.attributes.push_back("_metadata");
        dict.attributes.push_back(std::move(metadata));
        return dict;
    }

    /// What ModelCheckpoint remembers; Lightning shares one tensor among these entries.
    PickleValue callbacks() {
        const std::string key =
            "ModelCheckpoint{'monitor': 'val_loss', 'mode': 'min', 'every_n_train_steps': " +
            std::to_string(state_.val_freq) + ", 'every_n_epochs': 0, 'train_time_interval': None}";
        PickleValue checkpoint = dict_of({{"monitor", "val_loss"}});
        const PickleValue score = state_.best_score ? scalar(*state_.best_score) : PickleValue();
        PickleValue best = PickleValue::dict();
        if (state_.best_score) {
            best.set(state_.best_path, score);
        }
        checkpoint.set("best_model_score", score);
        checkpoint.set("best_model_path", state_.best_path);
        checkpoint.set("current_score", score);
        checkpoint.set("dirpath", state_.checkpoint_folder);
        checkpoint.set("best_k_models", std::move(best));
        checkpoint.set("kth_best_model_path", state_.best_path);
        checkpoint.set("kth_value",
                       state_.best_score ? score : scalar(std::numeric_limits<double>::infinity()));
        checkpoint.set("last_model_path",
                       (std::filesystem::path(state_.checkpoint_folder) / "last.ckpt").string());
        PickleValue callbacks = PickleValue::dict();
        callbacks.set(key, std::move(checkpoint));
        return callbacks;
    }

    PickleValue optimizer(const OptimizerGroup& group) {
        PickleValue moments = PickleValue::dict();
        for (const SavedMoments& saved : state_.moments) {
            PickleValue entry = PickleValue::dict();
            entry.set("step", scalar(saved.step));
            entry.set("exp_avg", tensor(saved.exp_avg));
            entry.set("exp_avg_sq", tensor(saved.exp_avg_sq));
            moments.set(saved.parameter, std::move(entry));
        }
        std::vector<std::int64_t> parameters(static_cast<std::size_t>(group.parameters));
        std::iota(parameters.begin(), parameters.end(), 0);
        PickleValue options = dict_of({{"lr", group.lr},
                                       {"betas", PickleValue::tuple({group.beta1, group.beta2})},
                                       {"eps", group.eps}});
        // torch's default is the integer 0.
        options.set("weight_decay",
                    group.weight_decay == 0 ? PickleValue(0) : PickleValue(group.weight_decay));
        options.set("amsgrad", false).set("maximize", false).set("foreach", {}).set("capturable", false);
        options.set("differentiable", false).set("fused", {});
        options.set("decoupled_weight_decay", group.decoupled_weight_decay);
        options.set("params", PickleValue::list({parameters.begin(), parameters.end()}));
        return dict_of(
            {{"state", std::move(moments)}, {"param_groups", PickleValue::list({std::move(options)})}});
    }

    const TrainingState& state_;
    LightningState result_;
};

} // namespace

LightningState lightning_state(const TrainingState& state) {
    return LightningBuilder(state).build();
}

void write_training_state(const std::filesystem::path& file, const TrainingState& state, JobContext& job) {
    const LightningState lightning = lightning_state(state);
    // Not the file's name, so that the same state gives the same bytes under any name.
    write_torch_file(file, "archive", lightning.root, lightning.storages, job);
}

} // namespace ember

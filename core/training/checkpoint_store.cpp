#include "core/training/checkpoint_store.hpp"

#include <unordered_map>

#include <unistd.h>

#include "core/base/atomic_file.hpp"
#include "core/base/error.hpp"
#include "core/run/st_tensors.hpp"
#include "core/training/autograd.hpp"
#include "core/training/checkpoint_tensors.hpp"

namespace ember {

namespace {

namespace fs = std::filesystem;

SavedTensor saved(const std::string& name, const std::vector<std::int64_t>& shape, const at::Tensor& value) {
    SavedTensor tensor;
    tensor.name = name;
    tensor.shape = shape;
    if (!value.defined()) {
        tensor.zeros = true;
        return tensor;
    }
    const auto bytes = static_cast<std::size_t>(value.numel()) * sizeof(float);
    tensor.bytes = {static_cast<const std::byte*>(value.const_data_ptr()), bytes};
    return tensor;
}

} // namespace

CheckpointStore::CheckpointStore(fs::path run_directory, TrainableNetwork& network, Optimizer& optimizer,
                                 const TrainSettings& settings, const BatchPlan& plan,
                                 nlohmann::ordered_json hyper_parameters, DataFingerprint data)
    // Lightning compares the real path: only where it is the same does it replace last.ckpt when it goes on.
    : folder_(fs::weakly_canonical(fs::absolute(run_directory)) / "checkpoints"),
      network_(network),
      optimizer_(optimizer),
      settings_(settings),
      plan_(plan),
      hyper_parameters_(std::move(hyper_parameters)),
      data_(std::move(data)) {}

fs::path CheckpointStore::file(const std::string& name) const {
    return folder_ / (name + ".ckpt");
}

bool CheckpointStore::has(const std::string& name) const {
    std::error_code failure;
    return fs::exists(file(name), failure);
}

TrainingState CheckpointStore::training_state(const LoopState& state) const {
    TrainingState saved_state;
    saved_state.epoch = plan_.epoch_of(state.window);
    saved_state.global_step = state.step;
    saved_state.batches_in_epoch =
        plan_.first_batch(state.window) - saved_state.epoch * plan_.batches_per_epoch;
    saved_state.batches_per_epoch = plan_.batches_per_epoch;
    saved_state.batches_total = plan_.first_batch(state.window);
    saved_state.val_batches = plan_.val_batches;
    const auto& parameters = network_.parameters();
    for (const NetworkParameter& parameter : parameters) {
        saved_state.weights.push_back(saved(parameter.name, parameter.shape, parameter.value));
    }
    for (const Optimizer::Moments& moments : optimizer_.moments()) {
        if (moments.step > 0) { // as torch.optim: nothing for a parameter that never had a gradient
            const auto& shape = parameters[static_cast<std::size_t>(moments.parameter)].shape;
            saved_state.moments.push_back({moments.parameter, moments.step, saved("", shape, moments.exp_avg),
                                           saved("", shape, moments.exp_avg_sq)});
        }
    }
    saved_state.hyper_parameters = hyper_parameters_;
    const OptimizerSettings& settings = settings_.optimizer;
    OptimizerGroup group;
    group.lr = settings.lr;
    group.beta1 = settings.beta1;
    group.beta2 = settings.beta2;
    group.eps = settings.eps;
    group.weight_decay = settings.weight_decay;
    group.decoupled_weight_decay = settings.kind == OptimizerKind::adamw;
    group.parameters = static_cast<std::int64_t>(parameters.size());
    saved_state.optimizer = group;
    saved_state.best_score = state.best_val_loss;
    saved_state.best_path = file("best").string();
    saved_state.checkpoint_folder = folder_.string();
    saved_state.val_freq = settings_.loop.val_freq;
    saved_state.emberview["format"] = 1;
    saved_state.emberview["version"] = EMBER_VERSION;
    saved_state.emberview["libtorch"] = TORCH_VERSION;
    saved_state.emberview["threads"] = at::get_num_threads();
    saved_state.emberview["seed"] = settings_.loop.seed;
    saved_state.emberview["data"] = {
        {"cells", data_.cells}, {"sets", data_.sets}, {"reading", data_.reading}};
    saved_state.emberview["loop"] = state.json();
    return saved_state;
}

void CheckpointStore::save(const LoopState& state, const std::vector<std::string>& names) {
    fs::create_directories(folder_);
    JobContext uninterrupted;
    write_training_state(file(names.front()), training_state(state), uninterrupted);
    for (std::size_t i = 1; i < names.size(); ++i) {
        write_alias(file(names.front()), file(names[i]));
    }
}

void CheckpointStore::write_alias(const fs::path& from, const fs::path& to) const {
    AtomicFile target(to);
    std::error_code failure;
    fs::remove(target.temporary(), failure);
    fs::create_hard_link(from, target.temporary(), failure);
    if (failure) {
        fs::copy_file(from, target.temporary(), fs::copy_options::overwrite_existing);
    }
    target.commit();
}

void CheckpointStore::restore_weights(const Checkpoint& checkpoint) {
    for (NetworkParameter& parameter : network_.parameters()) {
        if (!parameter.held()) {
            continue;
        }
        const TensorView* const view = checkpoint.find(parameter.name);
        if (view == nullptr || view->shape != parameter.shape) {
            throw Error("ShapeMismatch",
                        view == nullptr ? "The checkpoint lacks a tensor of this network"
                                        : "A tensor is " + shape_text(view->shape) + ", the network needs " +
                                              shape_text(parameter.shape),
                        {checkpoint.path().string(), parameter.name, {}},
                        "The run's config.yaml does not belong to this checkpoint: start a new run");
        }
        parameter.value.detach().copy_(float_tensor(*view));
    }
}

void CheckpointStore::restore_moments(const LoadedTrainingState& loaded, const std::string& file) {
    std::unordered_map<std::int64_t, const LoadedMoments*> stored;
    for (const LoadedMoments& moments : loaded.moments) {
        stored.emplace(moments.parameter, &moments);
    }
    const auto& parameters = network_.parameters();
    for (Optimizer::Moments& moments : optimizer_.moments()) {
        const auto found = stored.find(moments.parameter);
        if (found == stored.end()) {
            moments.step = 0; // never had a gradient
            moments.exp_avg.reset();
            moments.exp_avg_sq.reset();
            continue;
        }
        const NetworkParameter& parameter = parameters[static_cast<std::size_t>(moments.parameter)];
        if (found->second->exp_avg.shape != parameter.shape ||
            found->second->exp_avg_sq.shape != parameter.shape) {
            throw Error("BadCheckpoint", "The optimizer's state does not fit the network",
                        {file, parameter.name, {}}, "Resume from another checkpoint");
        }
        moments.step = found->second->step;
        moments.exp_avg = float_tensor(found->second->exp_avg).clone(at::MemoryFormat::Contiguous);
        moments.exp_avg_sq = float_tensor(found->second->exp_avg_sq).clone(at::MemoryFormat::Contiguous);
    }
}

void CheckpointStore::compare(const nlohmann::json& ours) {
    const auto differs = [&](const char* key, const std::string& what, const nlohmann::json& now) {
        if (ours.contains(key) && ours.at(key) != now) {
            differences_.push_back("The run was made with " + what + ' ' + ours.at(key).dump() +
                                   ", now it is " + now.dump() + ": results may differ in the last digits");
        }
    };
    differs("threads", "a number of threads of", at::get_num_threads());
    differs("libtorch", "LibTorch", TORCH_VERSION);
}

void CheckpointStore::compare_data(const nlohmann::json& ours, const std::string& file) {
    const auto found = ours.find("data");
    if (found == ours.end() || !found->is_object()) {
        return; // of a version that did not write it
    }
    const auto same = [&](const char* key, const std::string& now) {
        return !found->contains(key) || found->at(key) == now;
    };
    if (!same("cells", data_.cells)) {
        const std::string split = settings_.data.split_file.string();
        throw Error(
            "DataChanged",
            "The cells have other labels or are split otherwise than when this checkpoint was written" +
                (split.empty() ? "" : " (the split is " + split + ")"),
            {file, "", {}}, "Restore the data and the split, or start a new run with model.kwargs.init_from");
    }
    if (!same("sets", data_.sets)) {
        throw Error("DataChanged",
                    "Sets and batches are made otherwise than when this checkpoint was written "
                    "(cell_set_len, batch_size, downsample_cells or reshuffling)",
                    {file, "", {}},
                    "Restore these in the run's config.yaml, or start a new run with model.kwargs.init_from");
    }
    if (!same("reading", data_.reading)) {
        differences_.emplace_back("Cells are mixed within other windows or paired with other controls than "
                                  "before, as the memory is another: from here on batches differ");
    }
}

LoopState CheckpointStore::restore(const fs::path& file) {
    const at::NoGradGuard no_gradients;
    const LoadedTrainingState loaded = read_training_state(file);
    differences_.clear();
    if (loaded.emberview.is_object()) {
        compare_data(loaded.emberview, file.string());
    }
    restore_weights(*loaded.checkpoint);
    restore_moments(loaded, file.string());
    if (loaded.emberview.is_object() && loaded.emberview.contains("loop")) {
        compare(loaded.emberview);
        return LoopState::from_json(loaded.emberview.at("loop"), file.string());
    }
    LoopState state; // of arc-state
    state.step = state.window = loaded.global_step;
    state.validated_step = state.step;
    if (loaded.best_score) {
        state.best_val_loss = loaded.best_score;
        state.best_step = state.step;
    }
    return state;
}

} // namespace ember

#include "core/run/training_state.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "core/run/checkpoint_bytes.hpp"
#include "core/run/mapped_file.hpp"
#include "core/run/tensor_bounds.hpp"
#include "core/run/torch_archive.hpp"

namespace ember {

namespace {

class StateReader {
public:
    StateReader(const TorchArchive& archive, std::string file)
        : archive_(archive), document_(archive.document()), file_(std::move(file)) {}

    void read(LoadedTrainingState& state) const {
        const PickleNode& root = archive_.root();
        state.epoch = integer(find(root, "epoch")).value_or(0);
        state.global_step = integer(find(root, "global_step")).value_or(0);
        if (state.epoch < 0 || state.global_step < 0) {
            bad("Its steps or epochs are negative");
        }
        read_batches(root, state);
        read_best(root, state);
        if (const PickleNode* const ours = find(root, "emberview")) {
            state.emberview = pickle_to_json(document_, *ours, file_);
        }
        const PickleNode* const optimizers = find(root, "optimizer_states");
        if (optimizers != nullptr && is_list(*optimizers) && !optimizers->items.empty()) {
            if (optimizers->items.size() > 1) {
                bad("It has more than one optimizer");
            }
            read_optimizer(document_.node(optimizers->items[0]), state);
        }
    }

private:
    [[noreturn]] void bad(const std::string& what, const std::string& key = "optimizer_states") const {
        throw Error("BadCheckpoint", "Training cannot go on from this checkpoint: " + what, {file_, key, {}},
                    "Start a new run with init_from, which takes the weights alone");
    }

    static bool is_list(const PickleNode& node) {
        return node.kind == PickleKind::list || node.kind == PickleKind::tuple;
    }

    /// The value under a key, or under several, one in the other; null when there is none.
    template<typename... Keys>
    const PickleNode* find(const PickleNode& dict, std::string_view key, Keys... more) const {
        const PickleNode* const found = document_.find(dict, key);
        if constexpr (sizeof...(more) == 0) {
            return found;
        } else {
            return found == nullptr ? nullptr : find(*found, more...);
        }
    }

    static std::optional<std::int64_t> integer(const PickleNode* node) {
        return node != nullptr && node->kind == PickleKind::integer ? std::optional(node->integer)
                                                                    : std::nullopt;
    }

    /// A number, or a tensor of one.
    std::optional<double> number(const PickleNode* node) const {
        if (node == nullptr) {
            return std::nullopt;
        }
        if (node->kind == PickleKind::real) {
            return node->real;
        }
        if (node->kind == PickleKind::tensor) {
            const TensorView view = archive_.view(*node, "a number");
            return view.numel() == 1 ? std::optional<double>(float_values(view)[0]) : std::nullopt;
        }
        const auto whole = integer(node);
        return whole ? std::optional(static_cast<double>(*whole)) : std::nullopt;
    }

    void read_batches(const PickleNode& root, LoadedTrainingState& state) const {
        const PickleNode* const loop = find(root, "loops", "fit_loop");
        if (loop == nullptr) {
            return;
        }
        const PickleNode* const batches = find(*loop, "epoch_loop.batch_progress");
        const auto begun = integer(find(*loop, "epoch_progress", "current", "ready"));
        const PickleNode* const last = batches == nullptr ? nullptr : find(*batches, "is_last_batch");
        const bool is_last = last != nullptr && last->kind == PickleKind::boolean && last->integer != 0;
        if (batches != nullptr && !is_last) {
            state.batches_in_epoch =
                std::max<std::int64_t>(0, integer(find(*batches, "current", "completed")).value_or(0));
        } else if (is_last && begun && *begun > state.epoch) {
            ++state.epoch;
        }
    }

    void read_best(const PickleNode& root, LoadedTrainingState& state) const {
        const PickleNode* const callbacks = find(root, "callbacks");
        if (callbacks == nullptr || callbacks->kind != PickleKind::dict) {
            return;
        }
        for (std::size_t i = 0; i + 1 < callbacks->items.size(); i += 2) {
            const PickleNode& key = document_.node(callbacks->items[i]);
            if (key.kind == PickleKind::text && key.text.starts_with("ModelCheckpoint")) {
                const PickleNode& callback = document_.node(callbacks->items[i + 1]);
                if (const auto score = number(find(callback, "best_model_score"))) {
                    state.best_score = score;
                    return;
                }
            }
        }
    }

    void read_optimizer(const PickleNode& optimizer, LoadedTrainingState& state) const {
        const PickleNode* const groups = find(optimizer, "param_groups");
        const PickleNode* const moments = find(optimizer, "state");
        if (groups == nullptr || !is_list(*groups) || groups->items.empty() || moments == nullptr ||
            moments->kind != PickleKind::dict) {
            bad("Its optimizer state is not that of Adam");
        }
        if (groups->items.size() > 1) {
            bad("Its optimizer treats parameters in several groups");
        }
        state.optimizer = read_group(document_.node(groups->items[0]));
        for (std::size_t i = 0; i + 1 < moments->items.size(); i += 2) {
            const auto parameter = integer(&document_.node(moments->items[i]));
            if (!parameter || *parameter < 0 || *parameter >= state.optimizer->parameters) {
                bad("It has moments of a parameter that the optimizer does not know");
            }
            state.moments.push_back(read_moments(*parameter, document_.node(moments->items[i + 1])));
        }
        std::sort(state.moments.begin(), state.moments.end(),
                  [](const auto& a, const auto& b) { return a.parameter < b.parameter; });
        for (std::size_t i = 1; i < state.moments.size(); ++i) {
            if (state.moments[i].parameter == state.moments[i - 1].parameter) {
                bad("It has moments of one parameter twice");
            }
        }
    }

    OptimizerGroup read_group(const PickleNode& group) const {
        OptimizerGroup result;
        const auto take = [&](const char* key, double& value) {
            const PickleNode* const node = find(group, key);
            if (node != nullptr && node->kind != PickleKind::none) {
                const auto given = number(node);
                if (!given) {
                    bad("An option of its optimizer is no number", key);
                }
                value = *given;
            }
        };
        take("lr", result.lr);
        take("eps", result.eps);
        take("weight_decay", result.weight_decay);
        const PickleNode* const betas = find(group, "betas");
        if (betas != nullptr) {
            const auto beta = [&](std::size_t i) {
                return i < betas->items.size() ? number(&document_.node(betas->items[i])) : std::nullopt;
            };
            if (!is_list(*betas) || betas->items.size() != 2 || !beta(0) || !beta(1)) {
                bad("An option of its optimizer is no number", "betas");
            }
            result.beta1 = *beta(0);
            result.beta2 = *beta(1);
        }
        const auto is_set = [&](const char* key) {
            const PickleNode* const node = find(group, key);
            return node != nullptr && node->kind == PickleKind::boolean && node->integer != 0;
        };
        result.decoupled_weight_decay = is_set("decoupled_weight_decay");
        if (is_set("amsgrad") || is_set("maximize")) {
            bad("Its optimizer is a variant of Adam (amsgrad or maximize)");
        }
        const PickleNode* const parameters = find(group, "params");
        if (parameters == nullptr || !is_list(*parameters)) {
            bad("Its optimizer names no parameters", "params");
        }
        for (std::size_t i = 0; i < parameters->items.size(); ++i) {
            if (integer(&document_.node(parameters->items[i])) != static_cast<std::int64_t>(i)) {
                bad("Its optimizer's parameters are not in order", "params");
            }
        }
        result.parameters = static_cast<std::int64_t>(parameters->items.size());
        return result;
    }

    LoadedMoments read_moments(std::int64_t parameter, const PickleNode& entry) const {
        const std::string name = "moments of parameter " + std::to_string(parameter);
        const auto step = number(find(entry, "step"));
        const PickleNode* const first = find(entry, "exp_avg");
        const PickleNode* const second = find(entry, "exp_avg_sq");
        if (!step || !(*step >= 0) || first == nullptr || first->kind != PickleKind::tensor ||
            second == nullptr || second->kind != PickleKind::tensor) {
            bad("Its optimizer state is not that of Adam", name);
        }
        LoadedMoments moments{parameter, *step, archive_.view(*first, name), archive_.view(*second, name)};
        if (moments.exp_avg.shape != moments.exp_avg_sq.shape) {
            bad("Its moments differ in shape", name);
        }
        return moments;
    }

    const TorchArchive& archive_;
    const PickleDocument& document_;
    std::string file_;
};

} // namespace

LoadedTrainingState training_state_from_bytes(CheckpointBytes source, const std::filesystem::path& path) {
    const std::span<const std::byte> bytes = source.bytes;
    const bool check_sums = source.check_sums;
    LoadedTrainingState state;
    state.checkpoint = checkpoint_from_bytes(std::move(source), path);
    if (state.checkpoint->format() != "Lightning checkpoint") {
        throw Error("BadCheckpoint", "The file holds weights alone, no state of a training",
                    {path.string(), "", {}}, "Start a new run with init_from, which takes the weights");
    }
    // The checkpoint keeps the bytes; this second look at its pickle is for what it does not keep.
    const TorchArchive archive(bytes, path.string(), check_sums);
    if (check_sums) {
        for (const ZipEntry& entry : archive.zip().entries()) {
            archive.zip().checked_data(entry);
        }
    }
    StateReader(archive, path.string()).read(state);
    return state;
}

LoadedTrainingState read_training_state(const std::filesystem::path& file) {
    auto mapping = MappedFile::open(file);
    const std::span<const std::byte> bytes = mapping->bytes();
    if (bytes.empty()) {
        throw Error("NotACheckpoint", "The file is empty", {file.string(), "", {}},
                    "Go on from another checkpoint of the run");
    }
    return training_state_from_bytes({std::move(mapping), bytes, true}, file);
}

} // namespace ember

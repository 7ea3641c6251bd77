#include "core/training/loop_state.hpp"

#include <cmath>

#include "core/base/error.hpp"

namespace ember {

namespace {

nlohmann::ordered_json optional_number(const std::optional<double>& value) {
    return value && std::isfinite(*value) ? nlohmann::ordered_json(*value) : nlohmann::ordered_json();
}

std::optional<double> optional_number(const nlohmann::json& value) {
    return value.is_null() ? std::nullopt : std::optional(value.get<double>());
}

} // namespace

void LoopState::take_validation(double loss, double min_delta) {
    validated_step = step;
    val_loss = loss;
    if (std::isfinite(loss) && (!best_val_loss || loss < *best_val_loss)) {
        best_val_loss = loss;
        best_step = step;
    }
    if (std::isfinite(loss) && (!patience_loss || loss < *patience_loss - min_delta)) {
        patience_loss = loss;
        without_gain = 0;
    } else {
        ++without_gain;
    }
}

nlohmann::ordered_json LoopState::json() const {
    nlohmann::ordered_json value;
    value["step"] = step;
    value["window"] = window;
    value["train_loss"] = optional_number(train_loss);
    value["val_loss"] = optional_number(val_loss);
    value["best_val_loss"] = optional_number(best_val_loss);
    value["best_step"] = best_step;
    value["validated_step"] = validated_step;
    value["patience_loss"] = optional_number(patience_loss);
    value["without_gain"] = without_gain;
    value["guard"] = guard.state();
    return value;
}

LoopState LoopState::from_json(const nlohmann::json& value, const std::string& file) {
    try {
        LoopState state;
        state.step = value.at("step").get<std::int64_t>();
        state.window = value.at("window").get<std::int64_t>();
        state.train_loss = optional_number(value.at("train_loss"));
        state.val_loss = optional_number(value.at("val_loss"));
        state.best_val_loss = optional_number(value.at("best_val_loss"));
        state.best_step = value.at("best_step").get<std::int64_t>();
        state.validated_step = value.at("validated_step").get<std::int64_t>();
        state.patience_loss = optional_number(value.at("patience_loss"));
        state.without_gain = value.at("without_gain").get<std::int64_t>();
        state.guard.restore(value.at("guard"));
        return state;
    } catch (const nlohmann::json::exception&) {
        throw Error("BadCheckpoint", "The checkpoint's record of the run is damaged", {file, "emberview", {}},
                    "Resume from another checkpoint: remove last.ckpt, then copy best.ckpt to last.ckpt");
    }
}

} // namespace ember

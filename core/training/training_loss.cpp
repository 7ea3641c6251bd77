#include "core/training/training_loss.hpp"

#include <algorithm>

#include <ATen/TensorOperators.h>
#include <ATen/ops/cross_entropy_loss.h>

#include "core/base/error.hpp"
#include "core/training/autograd.hpp"
#include "core/training/losses.hpp"
#include "core/training/velocity.hpp"

namespace ember {

namespace {

constexpr double share_of_true_targets = 0.1; ///< detach_decoder: how often the decoder sees observed cells
constexpr std::uint64_t for_chunks = 0x6368756E6B, for_decoder = 0x6465636F64; ///< what draws are for

/// Adds up the parts of one batch's loss.
class Composition {
public:
    Composition(const NetworkOutput& output, const LossBatch& batch, const LossSettings& loss,
                const DropoutKey& key, bool training)
        : output_(output),
          batch_(batch),
          loss_(loss),
          key_(key),
          training_(training),
          prefix_(training ? "train/" : "val/"),
          chunks_(key.seed, {for_chunks, key.step, key.micro}) {}

    void main() {
        sets_ = set_losses(by_set(output_.prediction), by_set(batch_.target), loss_, chunks_, training_);
        result_.total = mean_of_sets(sets_.main);
        result_.main = result_.total.item<double>();
        log(training_ ? "train_loss" : "val_loss", result_.main);
        if (sets_.sinkhorn.defined()) {
            log(prefix_ + "sinkhorn_loss", mean_of_sets(sets_.sinkhorn));
            log(prefix_ + "energy_loss", mean_of_sets(sets_.energy));
        }
    }

    void batch_token() {
        if (!output_.batch_logits.defined() || !batch_.batch.defined()) {
            return;
        }
        const at::Tensor labels = batch_.batch.view({batch_.sets, batch_.set_len}).select(1, 0).contiguous();
        const at::Tensor part = at::cross_entropy_loss(output_.batch_logits, labels);
        log(prefix_ + "batch_token_loss", part);
        add(loss_.batch_token_weight, part);
    }

    void decoder(const GeneDecoding& decode) {
        if (!batch_.counts.defined() || !decode) {
            return;
        }
        at::Tensor latent = output_.prediction;
        if (training_ && loss_.detach_decoder) {
            CounterRandom draw(key_.seed, {for_decoder, key_.step, key_.micro});
            latent = (draw.uniform() < share_of_true_targets ? batch_.target : latent).detach();
        }
        DropoutKey dropout = key_;
        dropout.active = key_.active && training_;
        const at::Tensor genes = decode(latent, dropout);
        const at::Tensor part =
            set_losses(by_set(genes), by_set(batch_.counts), loss_, chunks_, training_).main.mean();
        log(training_ ? "decoder_loss" : "val/decoder_loss", part);
        add(loss_.decoder_weight, part);
    }

    void confidence() {
        if (!output_.confidence.defined()) {
            return;
        }
        at::Tensor wanted = sets_.main.detach() * loss_.confidence_target_scale;
        if (loss_.loss == SetLoss::mse) { // arc-state has one mean squared error for all sets
            wanted = wanted.mean().expand_as(wanted);
        }
        const at::Tensor part =
            loss_.confidence_weight * (output_.confidence.view({-1}) - wanted).square().mean();
        log(prefix_ + "confidence_loss", part);
        log(prefix_ + "actual_loss", wanted.mean());
        add(1, part);
    }

    void regularization() {
        if (loss_.regularization <= 0) {
            return;
        }
        const at::Tensor part = (output_.prediction - same_width(batch_.control)).abs().mean();
        log(prefix_ + "l1_regularization", part);
        add(loss_.regularization, part);
    }

    void velocity(const VelocitySettings& settings) {
        if (!settings.enable || !batch_.velocity.defined()) {
            return;
        }
        const VelocityTerms terms = velocity_terms(output_.prediction - same_width(batch_.control),
                                                   batch_.velocity, batch_.confidence, settings);
        const auto step = static_cast<std::int64_t>(key_.step);
        log(prefix_ + "ot_loss", result_.main);
        const double direction = terms.direction.item<double>();
        const bool upstream = settings.form == VelocityForm::upstream;
        log(prefix_ + "velocity_loss",
            upstream ? direction + settings.beta * terms.magnitude.item<double>() : direction);
        log(prefix_ + "velocity_magnitude_loss", terms.magnitude.item<double>());
        log(prefix_ + "velocity_cosine_similarity", terms.cosine);
        log(prefix_ + "velocity_confidence", terms.mean_confidence);
        log(prefix_ + "velocity_coverage", terms.coverage);
        log(prefix_ + "magnitude_st", terms.magnitude_change);
        log(prefix_ + "magnitude_v", terms.magnitude_velocity);
        if (training_) {
            log("train/velocity_lambda_t", velocity_weight(step, settings));
            log("train/velocity_row_gradient", terms.largest_row_gradient);
            add(1, velocity_loss(terms, step, settings));
        }
    }

    /// The largest error of each layer, and of all.
    void mixing() {
        double row = 0, column = 0;
        for (std::size_t i = 0; i < output_.mixing.size(); ++i) {
            row = std::max(row, output_.mixing[i].row);
            column = std::max(column, output_.mixing[i].column);
            if (i % 2 == 1) { // attention and MLP of one layer
                const MarginErrors &first = output_.mixing[i - 1], &second = output_.mixing[i];
                log(prefix_ + "mhc_error_layer" + std::to_string(i / 2),
                    std::max({first.row, first.column, second.row, second.column}));
            }
        }
        if (!output_.mixing.empty()) {
            log(prefix_ + "mhc_row_error", row);
            log(prefix_ + "mhc_column_error", column);
        }
    }

    TrainingLoss finish() {
        if (training_ && parts_ > 0) {
            log("train/total_loss", result_.total.item<double>());
        }
        return std::move(result_);
    }

private:
    at::Tensor by_set(const at::Tensor& cells) const {
        return cells.view({batch_.sets, batch_.set_len, cells.size(-1)});
    }

    const at::Tensor& same_width(const at::Tensor& control) const {
        if (control.size(-1) != output_.prediction.size(-1)) {
            throw Error("BadConfig",
                        "Regularisation and velocity compare predictions with control cells, but the model "
                        "predicts " +
                            std::to_string(output_.prediction.size(-1)) + " features from " +
                            std::to_string(control.size(-1)),
                        {"", "model.kwargs.regularization", {}},
                        "Set regularization to 0 and use_velocity_alignment to false");
        }
        return control;
    }

    void add(double weight, const at::Tensor& part) {
        result_.total = result_.total + weight * part;
        ++parts_;
    }
    void log(const std::string& name, const at::Tensor& value) { log(name, value.item<double>()); }
    void log(const std::string& name, double value) { result_.logged.emplace_back(name, value); }

    const NetworkOutput& output_;
    const LossBatch& batch_;
    const LossSettings& loss_;
    const DropoutKey& key_;
    bool training_;
    std::string prefix_;
    CounterRandom chunks_;
    SetLosses sets_;
    TrainingLoss result_;
    int parts_ = 0;
};

} // namespace

TrainingLoss training_loss(const GeneDecoding& decode, const NetworkOutput& output, const LossBatch& batch,
                           const LossSettings& loss, const VelocitySettings& velocity,
                           const DropoutKey& key) {
    Composition parts(output, batch, loss, key, true);
    parts.main();
    parts.batch_token();
    parts.decoder(decode);
    parts.confidence();
    parts.regularization();
    parts.velocity(velocity);
    parts.mixing();
    return parts.finish();
}

TrainingLoss validation_loss(const GeneDecoding& decode, const NetworkOutput& output, const LossBatch& batch,
                             const LossSettings& loss, const VelocitySettings& velocity) {
    const DropoutKey key{0, 0, 0, false};
    Composition parts(output, batch, loss, key, false);
    parts.main();
    parts.decoder(decode);
    parts.confidence();
    parts.velocity(velocity);
    parts.mixing();
    return parts.finish();
}

} // namespace ember

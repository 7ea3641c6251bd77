#include "core/training/optimizer.hpp"

#include <algorithm>
#include <cmath>

#include <ATen/ops/zeros_like.h>

#include "core/training/adam_kernel.hpp"
#include "core/training/autograd.hpp"

namespace ember {

namespace {

/// Parameters are cut into pieces of this many numbers: work for threads, and the order of summation.
constexpr std::int64_t piece_size = 1 << 16;

struct Piece {
    const float* gradient = nullptr;
    std::int64_t offset = 0, count = 0;
    std::size_t owner = 0; ///< position in moments()
};

/// Gradients as dense float32, in the order of the entries; undefined where there is none.
std::vector<at::Tensor> dense_gradients(const std::vector<NetworkParameter>& parameters,
                                        const std::vector<Optimizer::Moments>& moments) {
    std::vector<at::Tensor> gradients;
    gradients.reserve(moments.size());
    for (const Optimizer::Moments& entry : moments) {
        const at::Tensor& gradient = parameters[static_cast<std::size_t>(entry.parameter)].value.grad();
        gradients.push_back(gradient.defined() ? gradient.to(at::kFloat).contiguous() : gradient);
    }
    return gradients;
}

std::vector<Piece> pieces_of(const std::vector<at::Tensor>& gradients) {
    std::vector<Piece> pieces;
    for (std::size_t owner = 0; owner < gradients.size(); ++owner) {
        if (!gradients[owner].defined()) {
            continue;
        }
        const auto* const values = gradients[owner].const_data_ptr<float>();
        const std::int64_t size = gradients[owner].numel();
        for (std::int64_t offset = 0; offset < size; offset += piece_size) {
            pieces.push_back({values + offset, offset, std::min(piece_size, size - offset), owner});
        }
    }
    return pieces;
}

template<typename Body>
void for_pieces(const std::vector<Piece>& pieces, const Body& body) {
    at::parallel_for(
        0, static_cast<std::int64_t>(pieces.size()), 1, [&](std::int64_t first, std::int64_t last) {
            for (auto i = static_cast<std::size_t>(first); i < static_cast<std::size_t>(last); ++i) {
                body(pieces[i], i);
            }
        });
}

adam::Step constants(const OptimizerSettings& settings, double lr, double scale, double step) {
    const bool decoupled = settings.kind == OptimizerKind::adamw;
    adam::Step result;
    result.gradient_scale = static_cast<float>(scale);
    result.added_decay = decoupled ? 0.0F : static_cast<float>(settings.weight_decay);
    result.kept_weight = decoupled ? static_cast<float>(1 - lr * settings.weight_decay) : 1.0F;
    result.one_minus_beta1 = static_cast<float>(1 - settings.beta1);
    result.beta2 = static_cast<float>(settings.beta2);
    result.one_minus_beta2 = static_cast<float>(1 - settings.beta2);
    result.step_size = static_cast<float>(lr / (1 - std::pow(settings.beta1, step)));
    result.sqrt_correction2 = static_cast<float>(std::sqrt(1 - std::pow(settings.beta2, step)));
    result.eps = static_cast<float>(settings.eps);
    return result;
}

} // namespace

Optimizer::Optimizer(std::vector<NetworkParameter>& parameters, const OptimizerSettings& settings)
    : parameters_(parameters), settings_(settings) {
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        if (parameters[i].trained()) {
            moments_.push_back({static_cast<std::int64_t>(i), 0, {}, {}});
        }
    }
}

double Optimizer::gradient_norm() const {
    const std::vector<at::Tensor> gradients = dense_gradients(parameters_, moments_);
    const std::vector<Piece> pieces = pieces_of(gradients);
    std::vector<double> sums(pieces.size());
    for_pieces(pieces, [&](const Piece& piece, std::size_t i) {
        sums[i] = adam::sum_of_squares(piece.gradient, piece.count);
    });
    double sum = 0;
    for (const double part : sums) {
        sum += part;
    }
    return std::sqrt(sum);
}

void Optimizer::step(double lr, double norm) {
    const at::NoGradGuard no_grad;
    const double clip = settings_.gradient_clip;
    const double scale = clip > 0 ? std::min(1.0, clip / (norm + 1e-6)) : 1;
    const std::vector<at::Tensor> gradients = dense_gradients(parameters_, moments_);
    std::vector<adam::Step> steps(moments_.size());
    std::vector<float*> weights(moments_.size()), first(moments_.size()), second(moments_.size());
    for (std::size_t i = 0; i < moments_.size(); ++i) {
        if (!gradients[i].defined()) {
            continue;
        }
        Moments& entry = moments_[i];
        const at::Tensor& weight = parameters_[static_cast<std::size_t>(entry.parameter)].value;
        if (!entry.exp_avg.defined()) {
            entry.exp_avg = at::zeros_like(weight, at::MemoryFormat::Contiguous).detach();
            entry.exp_avg_sq = at::zeros_like(weight, at::MemoryFormat::Contiguous).detach();
        }
        steps[i] = constants(settings_, lr, scale, ++entry.step);
        weights[i] = weight.data_ptr<float>();
        first[i] = entry.exp_avg.data_ptr<float>();
        second[i] = entry.exp_avg_sq.data_ptr<float>();
    }
    for_pieces(pieces_of(gradients), [&](const Piece& piece, std::size_t) {
        const std::size_t i = piece.owner;
        adam::update(steps[i], piece.count, piece.gradient, weights[i] + piece.offset,
                     first[i] + piece.offset, second[i] + piece.offset);
    });
}

void Optimizer::clear_gradients() {
    for (const Moments& entry : moments_) {
        parameters_[static_cast<std::size_t>(entry.parameter)].value.mutable_grad().reset();
    }
}

} // namespace ember

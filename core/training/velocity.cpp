#include "core/training/velocity.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <ATen/TensorOperators.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>

#include "core/training/autograd.hpp"

namespace ember {

namespace {

/// What one row adds, and its gradient as multiples of the unit vectors along change and velocity.
struct Row {
    bool used = false, directed = false;
    double weight = 0, cosine = 0, change = 0, velocity = 0, confidence = 0;
    double direction_along_change = 0, direction_along_velocity = 0, magnitude_along_change = 0;
};

/// Length without overflow; NaN or infinite when an entry is.
template<typename T>
double length(const T* values, std::int64_t width) {
    double largest = 0, sum = 0;
    for (std::int64_t i = 0; i < width; ++i) {
        const auto size = std::abs(static_cast<double>(values[i]));
        if (!std::isfinite(size)) {
            return size;
        }
        largest = std::max(largest, size);
    }
    for (std::int64_t i = 0; i < width && largest > 0; ++i) {
        const double part = static_cast<double>(values[i]) / largest;
        sum += part * part;
    }
    return largest * std::sqrt(sum);
}

template<typename T>
Row measure(const T* change, const T* velocity, double confidence, std::int64_t width,
            const VelocitySettings& settings, double eps) {
    Row row;
    row.change = length(change, width);
    row.velocity = length(velocity, width);
    row.confidence = confidence;
    row.used = std::isfinite(confidence) && confidence >= settings.min_confidence &&
               std::isfinite(row.change) && std::isfinite(row.velocity);
    // No longer than eps is no length at all, with no gradient.
    row.change = row.change > eps ? row.change : 0;
    row.velocity = row.velocity > eps ? row.velocity : 0;
    row.directed = row.used && row.change > 0 && row.velocity > 0;
    row.weight = settings.weighted ? confidence : 1.0;
    for (std::int64_t i = 0; row.directed && i < width; ++i) {
        row.cosine +=
            static_cast<double>(change[i]) / row.change * (static_cast<double>(velocity[i]) / row.velocity);
    }
    return row;
}

/// Sums over the used rows in their order.
struct Totals {
    double rows = 0, directed = 0, weight = 0, directed_weight = 0, direction = 0, magnitude = 0, cosine = 0,
           change = 0, velocity = 0, confidence = 0, steepest = 0;
};

double velocity_factor(const VelocitySettings& settings) {
    return settings.form == VelocityForm::formula ? settings.beta : 1.0;
}

Totals add_up(const std::vector<Row>& rows, double factor) {
    Totals totals;
    for (const Row& row : rows) {
        if (!row.used) {
            continue;
        }
        ++totals.rows;
        totals.weight += row.weight;
        totals.magnitude += row.weight * std::abs(row.change - factor * row.velocity);
        totals.change += row.change;
        totals.velocity += row.velocity;
        totals.confidence += row.confidence;
        if (row.directed) {
            ++totals.directed;
            totals.directed_weight += row.weight;
            totals.direction += row.weight * (1 - row.cosine);
            totals.cosine += row.cosine;
        }
    }
    return totals;
}

void set_gradients(std::vector<Row>& rows, Totals& totals, const VelocitySettings& settings) {
    for (Row& row : rows) {
        if (row.used && totals.weight > 0 && row.change > 0) {
            const double gap = row.change - velocity_factor(settings) * row.velocity;
            row.magnitude_along_change = row.weight / totals.weight * (gap > 0 ? 1 : gap < 0 ? -1 : 0);
        }
        if (row.directed && totals.directed_weight > 0) {
            double scale = row.weight / totals.directed_weight / row.change;
            const double steep = scale * std::sqrt(std::max(0.0, 1 - row.cosine * row.cosine));
            totals.steepest = std::max(totals.steepest, steep);
            if (settings.max_row_gradient && steep > *settings.max_row_gradient) {
                scale *= *settings.max_row_gradient / steep;
            }
            row.direction_along_change = scale * row.cosine;
            row.direction_along_velocity = -scale;
        }
    }
}

template<typename T>
std::vector<Row> measure_all(const at::Tensor& change, const at::Tensor& velocity,
                             const at::Tensor& confidence, const VelocitySettings& settings, double eps) {
    const std::int64_t width = change.size(1);
    std::vector<Row> rows(static_cast<std::size_t>(change.size(0)));
    const T *from = change.const_data_ptr<T>(), *to = velocity.const_data_ptr<T>(),
            *sure = confidence.const_data_ptr<T>();
    at::parallel_for(0, change.size(0), 16, [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t i = first; i < last; ++i) {
            rows[static_cast<std::size_t>(i)] =
                measure(from + i * width, to + i * width, static_cast<double>(sure[i]), width, settings, eps);
        }
    });
    return rows;
}

template<typename T>
at::Tensor gradient(const std::vector<Row>& rows, const at::Tensor& change, const at::Tensor& velocity,
                    double direction, double magnitude) {
    at::Tensor result = at::empty(change.sizes(), change.options());
    const std::int64_t width = change.size(1);
    const T *from = change.const_data_ptr<T>(), *to = velocity.const_data_ptr<T>();
    T* out = result.data_ptr<T>();
    at::parallel_for(0, change.size(0), 16, [&](std::int64_t first, std::int64_t last) {
        for (std::int64_t i = first; i < last; ++i) {
            const Row& row = rows[static_cast<std::size_t>(i)];
            const double along_change =
                direction * row.direction_along_change + magnitude * row.magnitude_along_change;
            const double along_velocity = direction * row.direction_along_velocity;
            for (std::int64_t j = i * width; j < (i + 1) * width; ++j) {
                double value =
                    along_change == 0 ? 0 : along_change * (static_cast<double>(from[j]) / row.change);
                if (along_velocity != 0) {
                    value += along_velocity * (static_cast<double>(to[j]) / row.velocity);
                }
                out[j] = static_cast<T>(value);
            }
        }
    });
    return result;
}

struct RowHolder : torch::CustomClassHolder {
    std::vector<Row> rows;
    Totals totals;
};

struct VelocityRows : torch::autograd::Function<VelocityRows> {
    static torch::autograd::variable_list forward(torch::autograd::AutogradContext* context,
                                                  const at::Tensor& change, const at::Tensor& velocity,
                                                  const c10::intrusive_ptr<RowHolder>& holder) {
        context->save_for_backward({change, velocity});
        context->saved_data["rows"] = c10::IValue::make_capsule(holder);
        const Totals& totals = holder->totals;
        const double direction = totals.directed_weight > 0 ? totals.direction / totals.directed_weight : 0;
        const double magnitude = totals.weight > 0 ? totals.magnitude / totals.weight : 0;
        return {at::full({}, direction, change.options()), at::full({}, magnitude, change.options())};
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   torch::autograd::variable_list grads) {
        const auto saved = context->get_saved_variables();
        const auto holder =
            c10::static_intrusive_pointer_cast<RowHolder>(context->saved_data["rows"].toCapsule());
        const double direction = grads[0].defined() ? grads[0].item<double>() : 0,
                     magnitude = grads[1].defined() ? grads[1].item<double>() : 0;
        return {saved[0].scalar_type() == at::kDouble
                    ? gradient<double>(holder->rows, saved[0], saved[1], direction, magnitude)
                    : gradient<float>(holder->rows, saved[0], saved[1], direction, magnitude),
                {},
                {}};
    }
};

} // namespace

VelocityTerms velocity_terms(const at::Tensor& change, const at::Tensor& velocity,
                             const at::Tensor& confidence, const VelocitySettings& settings, double eps) {
    const at::Tensor from = change.contiguous(), to = velocity.detach().to(change.scalar_type()).contiguous(),
                     sure = confidence.detach().to(change.scalar_type()).contiguous();
    const auto holder = c10::make_intrusive<RowHolder>();
    holder->rows = change.scalar_type() == at::kDouble ? measure_all<double>(from, to, sure, settings, eps)
                                                       : measure_all<float>(from, to, sure, settings, eps);
    Totals& totals = holder->totals = add_up(holder->rows, velocity_factor(settings));
    set_gradients(holder->rows, totals, settings);
    const auto outputs = VelocityRows::apply(from, to, holder);
    const double none = std::numeric_limits<double>::quiet_NaN();
    const auto mean = [&](double sum, double count) { return count > 0 ? sum / count : none; };
    VelocityTerms terms;
    terms.direction = outputs[0];
    terms.magnitude = outputs[1];
    terms.cosine = mean(totals.cosine, totals.directed);
    terms.coverage = holder->rows.empty() ? 0 : totals.rows / static_cast<double>(holder->rows.size());
    terms.mean_confidence = mean(totals.confidence, totals.rows);
    terms.magnitude_change = mean(totals.change, totals.rows);
    terms.magnitude_velocity = mean(totals.velocity, totals.rows);
    terms.largest_row_gradient = totals.steepest;
    return terms;
}

double velocity_weight(std::int64_t step, const VelocitySettings& settings) {
    return settings.warmup_steps <= 0
               ? 1
               : std::min(1.0, static_cast<double>(step) / static_cast<double>(settings.warmup_steps));
}

at::Tensor velocity_loss(const VelocityTerms& terms, std::int64_t step, const VelocitySettings& settings) {
    const double weight = velocity_weight(step, settings) * settings.lambda;
    if (settings.form == VelocityForm::upstream) {
        return weight * (terms.direction + settings.beta * terms.magnitude);
    }
    return weight * terms.direction + settings.mu * terms.magnitude;
}

} // namespace ember

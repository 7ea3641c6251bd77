#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/training/optimizer.hpp"

namespace ember {

double learning_rate(const OptimizerSettings& settings, std::int64_t step, std::int64_t steps) {
    const auto at = static_cast<double>(step);
    const auto warmup = static_cast<double>(settings.warmup_steps);
    if (at < warmup) {
        return settings.lr * (at + 1) / (warmup + 1);
    }
    const double left = static_cast<double>(steps) - warmup;
    const double done = left > 1 ? std::clamp((at - warmup) / (left - 1), 0.0, 1.0) : 0.0;
    double share = 1;
    switch (settings.schedule) {
    case ScheduleKind::constant:
        return settings.lr;
    case ScheduleKind::linear:
        share = 1 - done;
        break;
    case ScheduleKind::cosine:
        share = 0.5 * (1 + std::cos(std::numbers::pi * done));
        break;
    }
    return settings.lr * (settings.final_lr_ratio + (1 - settings.final_lr_ratio) * share);
}

} // namespace ember

#include "core/training/spike_guard.hpp"

#include <algorithm>
#include <cmath>

namespace ember {

namespace {

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1) {
        return *middle;
    }
    return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

} // namespace

bool SpikeGuard::is_spike(double loss) const {
    if (losses_.size() < shortest) {
        return false;
    }
    std::vector<double> values(losses_.begin(), losses_.end());
    if (loss <= *std::max_element(values.begin(), values.end())) {
        return false;
    }
    const double center = median(values);
    for (double& value : values) {
        value = std::abs(value - center);
    }
    return loss > center + 10 * 1.4826 * median(values) && loss > 3 * center;
}

SpikeGuard::Verdict SpikeGuard::judge(double loss, double gradient_norm) {
    if (!std::isfinite(loss) || !std::isfinite(gradient_norm)) {
        return Verdict::not_finite;
    }
    if (is_spike(loss)) {
        if (suspicious_) {
            return Verdict::spike;
        }
        suspicious_ = loss;
        return Verdict::suspicious;
    }
    if (suspicious_) {
        remember(*suspicious_); // a hard batch
        suspicious_.reset();
    }
    remember(loss);
    return Verdict::good;
}

void SpikeGuard::remember(double loss) {
    losses_.push_back(loss);
    if (losses_.size() > window) {
        losses_.pop_front();
    }
}

bool SpikeGuard::may_roll_back(std::int64_t position) const {
    const auto recent = std::count_if(rollbacks_.begin(), rollbacks_.end(), [position](std::int64_t earlier) {
        return position - earlier < rollback_span;
    });
    return recent < most_rollbacks;
}

void SpikeGuard::rolled_back(std::int64_t position) {
    rollbacks_.push_back(position);
    suspicious_.reset();
}

nlohmann::ordered_json SpikeGuard::state() const {
    nlohmann::ordered_json state;
    state["losses"] = losses_;
    state["suspicious"] = suspicious_ ? nlohmann::ordered_json(*suspicious_) : nlohmann::ordered_json();
    state["rollbacks"] = rollbacks_;
    return state;
}

void SpikeGuard::restore(const nlohmann::json& state) {
    losses_ = state.at("losses").get<std::deque<double>>();
    const nlohmann::json& suspicious = state.at("suspicious");
    suspicious_ = suspicious.is_null() ? std::nullopt : std::optional(suspicious.get<double>());
    rollbacks_ = state.at("rollbacks").get<std::vector<std::int64_t>>();
}

void SpikeGuard::restore_losses(const SpikeGuard& earlier) {
    losses_ = earlier.losses_;
    suspicious_.reset();
}

} // namespace ember

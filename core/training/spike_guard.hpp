#pragma once
// Watches the loss of every step: a number that is none, or a jump that stays, sends a run back to its last
// good checkpoint.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include <nlohmann/json.hpp>

namespace ember {

/// A spike is a loss above median + 10 · 1.4826 · MAD and above 3 medians of the last 50 steps (reference
/// analysis.md §9, LOSS_SPIKE), and above all of them: losses of easy and hard cells may have two heights.
/// One such step alone is a hard batch, which clipping makes harmless; a second one in a row is a spike that
/// stays.
class SpikeGuard {
public:
    enum class Verdict { good, suspicious, spike, not_finite };

    static constexpr std::size_t window = 50,
                                 shortest = 20; ///< steps that count; fewer than 20 judge nothing
    static constexpr int most_rollbacks = 3;
    static constexpr std::int64_t rollback_span = 1000; ///< steps in which so many rollbacks are allowed

    /// Judges a step before its update and remembers it unless it is bad.
    Verdict judge(double loss, double gradient_norm);

    /// Whether the last step may turn out to be a spike: only the next one tells.
    bool suspicious() const { return suspicious_.has_value(); }

    /// Whether another rollback at this position (steps tried since the start) is allowed.
    bool may_roll_back(std::int64_t position) const;
    void rolled_back(std::int64_t position);
    int rollbacks() const { return static_cast<int>(rollbacks_.size()); }

    nlohmann::ordered_json state() const;
    void restore(const nlohmann::json& state);
    /// Takes the losses of an earlier state but keeps the count of rollbacks.
    void restore_losses(const SpikeGuard& earlier);

private:
    bool is_spike(double loss) const;
    void remember(double loss);

    std::deque<double> losses_;
    std::optional<double> suspicious_; ///< the last loss, when it was one
    std::vector<std::int64_t> rollbacks_;
};

} // namespace ember

#include "core/evaluation/evaluate.hpp"

namespace ember {

const char* to_string(Baseline baseline) noexcept {
    switch (baseline) {
    case Baseline::control_mean:
        return "control_mean";
    case Baseline::perturbation_mean:
        return "perturbation_mean";
    case Baseline::identity:
        return "identity";
    case Baseline::shuffled_labels:
        return "shuffled_labels";
    }
    return "";
}

} // namespace ember

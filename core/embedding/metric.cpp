#include "core/embedding/metric.hpp"

#include <array>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/nearest_names.hpp"

namespace ember {

namespace {

constexpr std::array metrics = {Metric::euclidean, Metric::cosine, Metric::correlation, Metric::manhattan};

} // namespace

const char* to_string(Metric metric) noexcept {
    switch (metric) {
    case Metric::cosine:
        return "cosine";
    case Metric::correlation:
        return "correlation";
    case Metric::manhattan:
        return "manhattan";
    case Metric::euclidean:
        break;
    }
    return "euclidean";
}

Metric metric_of(const std::string& name) {
    std::vector<std::string> names;
    for (const Metric metric : metrics) {
        if (name == to_string(metric)) {
            return metric;
        }
        names.emplace_back(to_string(metric));
    }
    throw UsageError("There is no metric '" + name + "'", "Use one of " + quoted_list(names));
}

} // namespace ember

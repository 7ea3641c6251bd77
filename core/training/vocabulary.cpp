#include "core/training/vocabulary.hpp"

#include <algorithm>

#include "core/base/error.hpp"

namespace ember {

bool is_one_hot(const LabelMap& map) {
    const std::size_t count = map.labels.size();
    if (map.dim != static_cast<std::int64_t>(count) || map.vectors.size() != count * count) {
        return false;
    }
    std::vector<bool> taken(count, false);
    for (std::size_t row = 0; row < count; ++row) {
        const float* const vector = map.vectors.data() + row * count;
        if (std::count(vector, vector + count, 0.0F) != static_cast<std::ptrdiff_t>(count - 1)) {
            return false;
        }
        const auto place = static_cast<std::size_t>(std::find(vector, vector + count, 1.0F) - vector);
        if (place == count || taken[place]) {
            return false;
        }
        taken[place] = true;
    }
    return true;
}

LabelMap one_hot_map(std::vector<std::string> labels) {
    std::sort(labels.begin(), labels.end());
    labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
    LabelMap map;
    const std::size_t count = labels.size();
    map.dim = static_cast<std::int64_t>(count);
    map.vectors.assign(count * count, 0.0F);
    for (std::size_t row = 0; row < count; ++row) {
        map.vectors[row * count + row] = 1;
        map.index.emplace(labels[row], row);
        map.argmax.push_back(static_cast<std::int64_t>(row));
    }
    map.labels = std::move(labels);
    return map;
}

LabelMap extended_map(const LabelMap& pretrained, const LabelMap& current) {
    if (!is_one_hot(pretrained) || !is_one_hot(current)) {
        return current;
    }
    std::vector<std::string> labels = pretrained.labels;
    labels.insert(labels.end(), current.labels.begin(), current.labels.end());
    return one_hot_map(std::move(labels));
}

std::vector<std::int64_t> rows_in(const LabelMap& source, const LabelMap& target) {
    std::vector<std::int64_t> rows;
    rows.reserve(source.labels.size());
    for (const std::string& label : source.labels) {
        const auto row = target.find(label);
        if (!row) {
            throw Error("MissingMember", "The run's map of perturbations lacks '" + label + "'",
                        {"", label, {}}, "Start a new run");
        }
        rows.push_back(static_cast<std::int64_t>(*row));
    }
    return rows;
}

} // namespace ember

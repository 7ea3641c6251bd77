#include "core/experiment/label_vectors.hpp"

#include "core/base/nearest_names.hpp"
#include "core/run/label_map.hpp"
#include "core/run/mapped_file.hpp"

namespace ember {

namespace {

void add_label(LabelMap& map, const std::string& label, std::int64_t largest) {
    map.index.emplace(label, map.labels.size());
    map.labels.push_back(label);
    map.argmax.push_back(largest);
    map.vectors.resize(map.labels.size() * static_cast<std::size_t>(map.dim), 0.0F);
}

} // namespace

LabelMap one_hot_map(const std::vector<std::string>& labels) {
    LabelMap map;
    map.dim = static_cast<std::int64_t>(labels.size());
    map.vectors.reserve(labels.size() * labels.size());
    for (std::size_t i = 0; i < labels.size(); ++i) {
        add_label(map, labels[i], static_cast<std::int64_t>(i));
        map.vectors[i * labels.size() + i] = 1;
    }
    return map;
}

LabelMap feature_map(const std::filesystem::path& file, const std::vector<std::string>& labels,
                     std::vector<std::string>& warnings) {
    constexpr std::size_t named = 10;
    const auto mapped = MappedFile::open(file);
    LabelMap map = label_map_from_bytes(mapped->bytes(), file.string());
    std::vector<std::string> missing;
    for (const std::string& label : labels) {
        if (!map.find(label)) {
            missing.push_back(label);
            add_label(map, label, 0);
        }
    }
    if (!missing.empty()) {
        const std::size_t count = missing.size();
        missing.resize(std::min(count, named));
        warnings.push_back("The features file lacks " + std::to_string(count) +
                           (count == 1 ? " perturbation, which gets a vector of zeros: "
                                       : " perturbations, which get vectors of zeros: ") +
                           quoted_list(missing) + (count > named ? " …" : ""));
    }
    return map;
}

} // namespace ember

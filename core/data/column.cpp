#include "core/data/column.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/base/error.hpp"

namespace ember {

namespace {

std::string number_text(double value) {
    std::string text = std::to_string(static_cast<long long>(value));
    return text;
}

template<typename T>
CategoricalColumn group_by_value(const std::vector<T>& values, const std::vector<bool>& missing,
                                 std::string (*to_text)(const T&), bool (*is_missing)(const T&)) {
    std::map<T, std::int32_t> levels;
    const auto absent = [&](std::size_t i) {
        return (!missing.empty() && missing[i]) || is_missing(values[i]);
    };
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!absent(i)) {
            levels.emplace(values[i], 0);
        }
    }
    CategoricalColumn result;
    for (auto& [value, code] : levels) {
        code = static_cast<std::int32_t>(result.categories.size());
        result.categories.push_back(to_text(value));
    }
    result.codes.reserve(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        result.codes.push_back(absent(i) ? -1 : levels.at(values[i]));
    }
    return result;
}

struct Grouper {
    const std::string& name;

    CategoricalColumn operator()(const CategoricalColumn& column) const { return column; }
    CategoricalColumn operator()(const TextColumn& column) const {
        return group_by_value<std::string>(
            column.values, column.missing, [](const std::string& text) { return text; },
            [](const std::string&) { return false; });
    }
    CategoricalColumn operator()(const BooleanColumn& column) const {
        return group_by_value<std::uint8_t>(
            column.values, column.missing,
            [](const std::uint8_t& value) { return std::string(value != 0 ? "True" : "False"); },
            [](const std::uint8_t&) { return false; });
    }
    CategoricalColumn operator()(const NumericColumn& column) const {
        for (const double value : column.values) {
            if (!std::isnan(value) && (value != std::floor(value) || std::abs(value) > 9.0e15)) {
                throw Error("NotGroups", "The column '" + name + "' holds fractional numbers, not groups",
                            {{}, name, {}}, "Choose a column of labels or whole numbers");
            }
        }
        return group_by_value<double>(
            column.values, column.missing, [](const double& value) { return number_text(value); },
            [](const double& value) { return std::isnan(value); });
    }
};

} // namespace

std::size_t Column::size() const noexcept {
    if (const auto* labels = std::get_if<CategoricalColumn>(&data)) {
        return labels->codes.size();
    }
    if (const auto* numbers = std::get_if<NumericColumn>(&data)) {
        return numbers->values.size();
    }
    if (const auto* flags = std::get_if<BooleanColumn>(&data)) {
        return flags->values.size();
    }
    return std::get<TextColumn>(data).values.size();
}

std::size_t Column::missing_count() const noexcept {
    if (const auto* labels = std::get_if<CategoricalColumn>(&data)) {
        return static_cast<std::size_t>(std::count(labels->codes.begin(), labels->codes.end(), -1));
    }
    if (const auto* numbers = std::get_if<NumericColumn>(&data)) {
        return static_cast<std::size_t>(std::count_if(numbers->values.begin(), numbers->values.end(),
                                                      [](double value) { return std::isnan(value); }));
    }
    const auto* flags = std::get_if<BooleanColumn>(&data);
    const auto& missing = flags != nullptr ? flags->missing : std::get<TextColumn>(data).missing;
    return static_cast<std::size_t>(std::count(missing.begin(), missing.end(), true));
}

CategoricalColumn as_groups(const Column& column) {
    return std::visit(Grouper{column.name}, column.data);
}

std::vector<std::uint64_t> count_categories(const CategoricalColumn& column) {
    std::vector<std::uint64_t> counts(column.categories.size(), 0);
    for (const auto code : column.codes) {
        if (code >= 0) {
            ++counts[static_cast<std::size_t>(code)];
        }
    }
    return counts;
}

} // namespace ember

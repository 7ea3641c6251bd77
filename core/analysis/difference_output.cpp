// The comparison of conditions as CSV and JSON, and the files with their provenance.

#include <cmath>

#include "core/analysis/condition_difference.hpp"
#include "core/analysis/csv_text.hpp"
#include "core/base/atomic_file.hpp"
#include "core/base/error.hpp"
#include "core/base/fingerprint.hpp"

namespace ember {

namespace {

nlohmann::json number(double value) {
    return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr);
}

std::string csv_line(const GroupDifference& group) {
    std::string line =
        csv_text(group.group) + ',' + to_string(group.verdict) + ',' + std::to_string(group.cells);
    for (const double value : {group.effect, group.shuffled_mean, group.p, group.p_adjusted}) {
        line += ',' + csv_number(value);
    }
    return line + '\n';
}

nlohmann::json parameters_json(const ConditionDifferenceRequest& request) {
    return {{"column", request.group_col},
            {"within", request.within_col},
            {"replicate", request.replicate_col},
            {"block", request.block_col},
            {"permutations", request.permutations},
            {"max_cells", request.max_cells},
            {"seed", request.seed},
            {"alpha", request.alpha},
            {"smallest_effect", request.smallest_effect}};
}

} // namespace

nlohmann::json difference_json(const ConditionDifferenceRequest& request,
                               const ConditionDifferenceResult& result) {
    nlohmann::json groups = nlohmann::json::object();
    for (const GroupDifference& group : result.groups) {
        groups[group.group] = {{"verdict", to_string(group.verdict)},
                               {"cells", group.cells},
                               {"effect", group.effect},
                               {"shuffled_mean", group.shuffled_mean},
                               {"p", number(group.p)},
                               {"p_adjusted", number(group.p_adjusted)}};
    }
    nlohmann::json replicates = nlohmann::json::object();
    for (std::size_t i = 0; i < result.replicates.size() && i < result.labels.size(); ++i) {
        replicates[result.labels[i]] = result.replicates[i];
    }
    const DifferenceText text = describe(request, result);
    return {{"verdict", to_string(result.verdict)},
            {"title", text.title},
            {"sentence", text.sentence},
            {"labels", result.labels},
            {"effect", result.effect},
            {"shuffled_mean", result.shuffled_mean},
            {"p", result.p},
            {"unit", result.replicates_shuffled ? "replicates" : "cells"},
            {"replicates", replicates},
            {"relabelings", number(result.relabelings)},
            {"cells", result.cells},
            {"sampled", result.sampled},
            {"groups", groups},
            {"eta_squared", result.eta_squared},
            {"largest_d", result.largest_d},
            {"without_label", result.without_label},
            {"nonfinite_rows", result.nonfinite_rows},
            {"left_out", result.left_out},
            {"parameters", parameters_json(request)}};
}

std::string difference_csv(const ConditionDifferenceResult& result) {
    std::string csv = "group,verdict,cells,effect,shuffled_mean,p,p_adjusted\n" +
                      csv_line({"all", result.verdict, result.sampled, result.effect, result.shuffled_mean,
                                result.p, result.p});
    for (const GroupDifference& group : result.groups) {
        csv += csv_line(group);
    }
    return csv;
}

std::filesystem::path write_difference(const ConditionDifferenceRequest& request,
                                       const ConditionDifferenceResult& result,
                                       const std::filesystem::path& folder, JobContext& job) {
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure) {
        throw Error("CannotWrite", "The output folder cannot be made: " + failure.message(),
                    {folder.string(), {}, {}}, "Choose a folder that you may write to");
    }
    const nlohmann::json beside = {
        {"program", "emberview"},
        {"version", EMBER_VERSION},
        {"input",
         {{"file", std::filesystem::absolute(request.adata).string()},
          {"sha256", sha256_of_file(request.adata, job)},
          {"matrix", to_string(request.source)}}},
        {"result", difference_json(request, result)},
        {"definitions",
         {{"effect",
           "energy distance between conditions within each group of cells, divided by twice the mean "
           "distance between conditions; 0 … 1"},
          {"shuffled_mean", "mean effect under shuffled labels"},
          {"p", "(shuffles with at least this effect + 1) / (shuffles + 1)"},
          {"p_adjusted", "Benjamini-Hochberg over the groups"}}}};
    const std::filesystem::path csv = folder / "differences.csv";
    write_file_atomically(csv, difference_csv(result));
    write_file_atomically(folder / "differences.json",
                          beside.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    return csv;
}

} // namespace ember

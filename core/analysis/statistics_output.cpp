// The statistics as CSV and JSON, and the files with their provenance.

#include <set>

#include "core/analysis/csv_text.hpp"
#include "core/analysis/prediction_statistics.hpp"
#include "core/base/atomic_file.hpp"
#include "core/base/error.hpp"
#include "core/base/fingerprint.hpp"

namespace ember {

namespace {

nlohmann::json group_json(const GroupStatistics& group) {
    nlohmann::json json = {{"cells", group.cells},
                           {"mean", group.mean},
                           {"std", group.std},
                           {"min", group.min},
                           {"max", group.max},
                           {"sparsity", group.sparsity},
                           {"magnitude_mean", group.magnitude_mean}};
    if (group.nonfinite != 0) {
        json["nonfinite"] = group.nonfinite;
    }
    return json;
}

/// "by_condition_timepoint"; a slash in a column's name must not become a folder.
std::string table_stem(const GroupTable& table) {
    std::string name = "by";
    for (const std::string& column : table.columns) {
        name += "_" + column;
    }
    for (char& c : name) {
        if (c == '/' || static_cast<unsigned char>(c) < 0x20) {
            c = '_';
        }
    }
    return name;
}

nlohmann::json provenance(const StatisticsRequest& request, const StatisticsResult& result, JobContext& job) {
    return {{"program", "emberview"},
            {"version", EMBER_VERSION},
            {"input",
             {{"file", std::filesystem::absolute(request.adata).string()},
              {"sha256", sha256_of_file(request.adata, job)},
              {"matrix", to_string(request.source)},
              {"shape", {result.rows, result.cols}}}},
            {"parameters", {{"threshold", request.threshold}, {"by", request.by}}},
            {"definitions",
             {{"std", "population standard deviation (ddof 0) over all values of the group's cells"},
              {"sparsity", "share of values with |x| <= threshold"},
              {"magnitude_mean", "mean over cells of the Euclidean norm of a cell's row"},
              {"nonfinite", "NaN and infinite values are left out of every figure"}}}};
}

void make_folder(const std::filesystem::path& folder) {
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure) {
        throw Error("CannotWrite", "The output folder cannot be made: " + failure.message(),
                    {folder.string(), {}, {}}, "Choose a folder that you may write to");
    }
}

} // namespace

std::string statistics_csv(const std::vector<GroupStatistics>& rows) {
    std::string csv = "group,cells,mean,std,min,max,sparsity,magnitude_mean\n";
    for (const GroupStatistics& row : rows) {
        csv += csv_text(row.group) + ',' + std::to_string(row.cells);
        for (const double value : {row.mean, row.std, row.min, row.max, row.sparsity, row.magnitude_mean}) {
            csv += ',' + csv_number(value);
        }
        csv += '\n';
    }
    return csv;
}

nlohmann::json statistics_json(const StatisticsResult& result) {
    nlohmann::json json = {{"overall", group_json(result.overall)}};
    for (const GroupTable& table : result.tables) {
        const std::string name = table.name();
        nlohmann::json& groups = json[json.contains(name) ? "obs/" + name : name] = nlohmann::json::object();
        for (const GroupStatistics& group : table.groups) {
            groups[group.group] = group_json(group);
        }
    }
    return json;
}

std::vector<std::filesystem::path> write_statistics(const StatisticsRequest& request,
                                                    const StatisticsResult& result,
                                                    const std::filesystem::path& folder, JobContext& job) {
    make_folder(folder);
    const nlohmann::json shared = provenance(request, result, job);
    std::vector<std::filesystem::path> written;
    const auto write = [&](const std::string& name, const std::vector<GroupStatistics>& rows,
                           const nlohmann::json& own) {
        nlohmann::json beside = shared;
        beside["table"] = own;
        const std::filesystem::path csv = folder / name;
        write_file_atomically(csv, statistics_csv(rows));
        write_file_atomically(std::filesystem::path(csv).replace_extension(".json"),
                              beside.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
        written.push_back(csv);
    };
    write("overall.csv", {result.overall}, {{"nonfinite", result.overall.nonfinite}});
    std::set<std::string> taken;
    for (const GroupTable& table : result.tables) {
        std::string stem = table_stem(table);
        while (!taken.insert(stem).second) { // "a_b" and a crossing of "a" and "b"
            stem += "_2";
        }
        write(stem + ".csv", table.groups,
              {{"columns", table.columns}, {"cells_without_group", table.cells_without_group}});
    }
    return written;
}

std::vector<std::filesystem::path> write_statistics(const StatisticsRequest& request,
                                                    const StatisticsResult& result,
                                                    const std::filesystem::path& folder) {
    JobContext job;
    return write_statistics(request, result, folder, job);
}

} // namespace ember

#include "core/data/inspect.hpp"

#include <algorithm>
#include <cmath>

#include "core/data/anndata_file.hpp"
#include "core/data/matrix_summary.hpp"

namespace ember {

namespace {

using nlohmann::json;

constexpr std::size_t shown_categories = 12;
constexpr std::size_t most_counts = 1000;

/// JSON has no NaN or infinity: they become "nan", "inf", "-inf".
json number(double value) {
    if (std::isfinite(value)) {
        return value;
    }
    return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
}

json matrix_json(const Matrix& matrix, bool verify, bool edges, JobContext& job) {
    const auto& info = matrix.info();
    json result = {{"kind", to_string(info.encoding)},
                   {"dtype", info.dtype},
                   {"stored", info.stored},
                   {"compression", info.compression},
                   {"storage_bytes", info.storage_bytes}};
    if (!verify) {
        return result;
    }
    const auto summary = summarise(matrix, job);
    const bool any = summary.finite > 0;
    result["sum_finite"] = number(summary.sum);
    result["sum_squares_finite"] = number(summary.sum_squares);
    result["min_finite"] = any ? json(summary.min) : json();
    result["max_finite"] = any ? json(summary.max) : json();
    result["n_nonfinite"] = summary.non_finite;
    result["nonzero"] = summary.nonzero;
    if (edges && matrix.rows() > 0 && matrix.cols() > 0) {
        result["row_sum_first"] = number(summary.row_sum_first);
        result["row_sum_last"] = number(summary.row_sum_last);
        result["col_sum_first"] = number(summary.col_sum_first);
        result["col_sum_last"] = number(summary.col_sum_last);
    }
    return result;
}

json counts_json(const CategoricalColumn& column) {
    const auto counts = count_categories(column);
    std::vector<std::size_t> order(counts.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        order[i] = i;
    }
    const std::size_t kept = std::min(order.size(), most_counts);
    std::partial_sort(
        order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept), order.end(),
        [&](std::size_t a, std::size_t b) { return counts[a] != counts[b] ? counts[a] > counts[b] : a < b; });
    json result = json::object();
    for (std::size_t i = 0; i < kept; ++i) {
        result[column.categories[order[i]]] = counts[order[i]];
    }
    return result;
}

json column_json(const Column& column) {
    json result = {{"dtype", column.dtype}, {"n_missing", column.missing_count()}};
    if (const auto* labels = std::get_if<CategoricalColumn>(&column.data)) {
        const auto shown = std::min(labels->categories.size(), shown_categories);
        result["categories"] = std::vector<std::string>(
            labels->categories.begin(), labels->categories.begin() + static_cast<std::ptrdiff_t>(shown));
        result["n_categories"] = labels->categories.size();
        result["ordered"] = labels->ordered;
        result["counts"] = counts_json(*labels);
    } else if (const auto* numbers = std::get_if<NumericColumn>(&column.data)) {
        double sum = 0;
        for (const double value : numbers->values) {
            sum += std::isnan(value) ? 0 : value;
        }
        result["sum"] = number(sum);
    } else if (const auto* flags = std::get_if<BooleanColumn>(&column.data)) {
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < flags->values.size(); ++i) {
            sum += flags->missing.empty() || !flags->missing[i] ? flags->values[i] : 0;
        }
        result["sum"] = sum;
    } else if (column.size() > 0) {
        result["first"] = std::get<TextColumn>(column.data).values.front();
    }
    return result;
}

json first_last(const std::vector<std::string>& names) {
    return names.empty() ? json::array() : json::array({names.front(), names.back()});
}

json obsm_json(const AnnData& data, bool verify, JobContext& job) {
    json result = json::object();
    for (const auto& member : data.obsm()) {
        json summary;
        if (member.data_frame) {
            summary = "dataframe";
        } else {
            try {
                const auto matrix = data.matrix({MatrixSource::Kind::obsm, member.key});
                summary = matrix_json(*matrix, verify, false, job);
            } catch (const Error& error) {
                if (error.class_name() != "UnsupportedType") {
                    throw;
                }
                summary = {{"unsupported", error.message()}};
            }
        }
        result[member.key] = json::array({json::array({member.rows, member.cols}), summary});
    }
    return result;
}

json shapes_json(const std::vector<MemberInfo>& members) {
    json result = json::object();
    for (const auto& member : members) {
        result[member.key] = {member.rows, member.cols};
    }
    return result;
}

json names_json(const std::vector<ColumnInfo>& columns) {
    json result = json::array();
    for (const auto& column : columns) {
        result.push_back(column.name);
    }
    return result;
}

void add_matrices(const AnnData& data, bool verify, JobContext& job, json& result) {
    result["X"] = data.has_x() ? matrix_json(*data.matrix({}), verify, true, job) : json{{"sum", nullptr}};
    result["layers"] = json::object();
    for (const auto& key : data.layers()) {
        result["layers"][key] =
            matrix_json(*data.matrix({MatrixSource::Kind::layer, key}), verify, false, job);
    }
    result["obsm"] = obsm_json(data, verify, job);
    result["varm"] = shapes_json(data.varm());
    result["obsp"] = shapes_json(data.obsp());
    const auto raw = data.raw_x();
    result["raw_shape"] = raw ? json::array({raw->rows, raw->cols}) : json();
    if (raw) {
        result["raw_X"] = matrix_json(*data.matrix({MatrixSource::Kind::raw_x, {}}), verify, false, job);
    }
}

/// Reads what the JSON does not show, so that a damaged part is found.
void read_the_rest(const AnnData& data, JobContext& job) {
    for (const auto& column : data.var_columns()) {
        job.check_cancelled();
        if (column.dtype != "unknown") {
            data.var(column.name);
        }
    }
    data.raw_var_names();
    data.uns("");
    if (const auto* file = dynamic_cast<const h5::AnnDataFile*>(&data)) {
        for (const auto* members : {&file->layout().varm, &file->layout().obsp}) {
            for (const auto& member : *members) {
                if (member.matrix) {
                    summarise(*h5::open_matrix(*member.matrix), job);
                }
            }
        }
    }
}

} // namespace

json inspect_anndata(const AnnData& data, bool verify, JobContext& job) {
    std::error_code ignored;
    const auto bytes = std::filesystem::file_size(data.path(), ignored);
    json result = {{"path", data.path().string()},
                   {"bytes", ignored ? 0 : bytes},
                   {"generation", data.generation()},
                   {"shape", {data.n_obs(), data.n_vars()}},
                   {"obs_names_first_last", first_last(data.obs_names())},
                   {"var_names_first_last", first_last(data.var_names())},
                   {"var_columns", names_json(data.var_columns())},
                   {"uns_keys", data.uns_keys()}};
    result["obs"] = json::object();
    for (const auto& column : data.obs_columns()) {
        job.check_cancelled();
        result["obs"][column.name] =
            column.dtype == "unknown" ? json{{"dtype", "unknown"}} : column_json(*data.obs(column.name));
    }
    add_matrices(data, verify, job, result);
    if (verify) {
        read_the_rest(data, job);
    }
    return result;
}

} // namespace ember

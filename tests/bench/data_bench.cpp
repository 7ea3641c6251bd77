// Opening a file to its first histogram, and one pass of statistics over it.
// usage: data_bench make FILE [ROWS]            a dense float32 file [ROWS × 2000] with three obs columns
//        data_bench open FILE                   shape, obs, category counts, histogram of the first 512 cells
//        data_bench statistics FILE             overall and by condition, day and cell_type
// Prints one JSON object.

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <iostream>
#include <random>
#include <string>

#include "core/analysis/prediction_statistics.hpp"
#include "core/base/error.hpp"
#include "core/data/anndata.hpp"
#include "core/data/h5ad_writer.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using namespace ember;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

double resident_mb(const char* field) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with(field)) {
            return std::stod(line.substr(std::string(field).size() + 1)) / 1024;
        }
    }
    return 0;
}

Column random_labels(std::string name, std::vector<std::string> labels, std::size_t rows,
                     std::mt19937& random) {
    CategoricalColumn column{std::move(labels), std::vector<std::int32_t>(rows), false};
    std::uniform_int_distribution<std::int32_t> pick(0,
                                                     static_cast<std::int32_t>(column.categories.size()) - 1);
    std::generate(column.codes.begin(), column.codes.end(), [&] { return pick(random); });
    return {std::move(name), "category", std::move(column)};
}

/// Log-normalised expression as predictions have it: one value in ten is above zero.
void make(const std::string& file, std::size_t rows) {
    constexpr std::size_t genes = 2000;
    std::mt19937 random(1);
    std::gamma_distribution<float> expression(0.6F, 1.0F);
    NewAnnData data;
    data.x.resize(rows * genes);
    for (float& value : data.x) {
        value = random() % 10 == 0 ? expression(random) : 0.0F;
    }
    for (std::size_t i = 0; i < rows; ++i) {
        data.obs_names.push_back("cell" + std::to_string(i));
    }
    for (std::size_t i = 0; i < genes; ++i) {
        data.var_names.push_back("G" + std::to_string(i));
    }
    std::vector<std::string> types;
    for (int i = 0; i < 11; ++i) {
        types.push_back("type" + std::to_string(i));
    }
    data.obs = {random_labels("cell_type", types, rows, random),
                random_labels("condition", {"Burn", "Sham"}, rows, random),
                random_labels("day", {"day10", "day14", "day19"}, rows, random)};
    write_h5ad(data, file);
}

nlohmann::json open(const std::string& file) {
    const auto start = Clock::now();
    const AnnDataPtr data = AnnData::open(file);
    std::uint64_t labelled = 0;
    for (const ColumnInfo& column : data->obs_columns()) {
        const std::shared_ptr<const Column> values = data->obs(column.name);
        if (std::holds_alternative<CategoricalColumn>(values->data)) {
            labelled += count_categories(std::get<CategoricalColumn>(values->data)).front();
        }
    }
    const MatrixPtr x = data->matrix({});
    const std::uint64_t rows = std::min<std::uint64_t>(512, x->rows());
    std::vector<float> sample(rows * x->cols());
    x->read_rows(0, rows, sample);
    const float top = std::max(*std::max_element(sample.begin(), sample.end()), 1e-6F);
    std::array<std::uint64_t, 60> histogram{};
    for (const float value : sample) {
        ++histogram[static_cast<std::size_t>(std::clamp(value / top * 60, 0.0F, 59.0F))];
    }
    const double elapsed = seconds_since(start);
    return {{"open_s", elapsed},
            {"rows", x->rows()},
            {"cols", x->cols()},
            {"labelled", labelled},
            {"in_first_bin", histogram[0]},
            {"peak_rss_mb", resident_mb("VmHWM:")}};
}

nlohmann::json statistics(const std::string& file) {
    JobContext job;
    const auto start = Clock::now();
    const StatisticsResult result = compute_statistics(
        StatisticsRequest{.adata = file, .source = {}, .by = {{"condition"}, {"day"}, {"cell_type"}}}, job);
    return {{"pass_s", seconds_since(start)},
            {"mean", result.overall.mean},
            {"rows", result.rows},
            {"peak_rss_mb", resident_mb("VmHWM:")}};
}

} // namespace

int main(int argc, char** argv) {
    const std::string what = argc > 2 ? argv[1] : "";
    try {
        if (what == "make") {
            make(argv[2], argc > 3 ? std::stoul(argv[3]) : 57298);
        } else if (what == "open") {
            std::cout << open(argv[2]) << '\n';
        } else if (what == "statistics") {
            std::cout << statistics(argv[2]) << '\n';
        } else {
            std::cerr << "usage: data_bench make|open|statistics FILE\n";
            return 2;
        }
    } catch (const ember::Error& error) {
        std::cerr << "error: " << error.what() << '\n';
        return 3;
    }
    return 0;
}

#include "views/training/live_map_data.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>

#include "core/base/error.hpp"
#include "core/data/npy.hpp"
#include "core/embedding/umap.hpp"
#include "core/run/csv_line.hpp"

namespace ember {

namespace {

/// [rows × columns] of a file, as float32.
std::vector<float> matrix_of(const std::filesystem::path& file, std::uint64_t& rows, std::uint64_t& columns) {
    const NpyArray array = read_npy(file);
    if (array.shape.size() != 2) {
        throw Error("ShapeMismatch", "The validation predictions are no matrix", {file.string(), {}, {}});
    }
    rows = array.shape[0];
    columns = array.shape[1];
    return {array.values.begin(), array.values.end()};
}

void read_cells(const std::filesystem::path& file, LiveMapData& map) {
    std::ifstream stream(file);
    std::string line;
    if (!std::getline(stream, line)) {
        return;
    }
    const std::vector<std::string> header = csv_cells(line);
    const auto column = [&](const char* name) {
        return static_cast<std::size_t>(std::find(header.begin(), header.end(), name) - header.begin());
    };
    const std::size_t type = column("cell_type"), perturbation = column("perturbation");
    while (std::getline(stream, line) && map.cell_type.size() < map.cells) {
        const std::vector<std::string> cells = csv_cells(line);
        map.cell_type.push_back(type < cells.size() ? cells[type] : std::string());
        map.perturbation.push_back(perturbation < cells.size() ? cells[perturbation] : std::string());
    }
    if (map.cell_type.size() != map.cells) { // of another validation
        map.cell_type.clear();
        map.perturbation.clear();
    }
}

std::array<double, 2> middle_of(const std::vector<float>& xy) {
    std::array<double, 2> sum{};
    double points = 0;
    for (std::size_t i = 0; i + 1 < xy.size(); i += 2) {
        if (std::isfinite(xy[i]) && std::isfinite(xy[i + 1])) {
            sum[0] += xy[i];
            sum[1] += xy[i + 1];
            points += 1;
        }
    }
    return {sum[0] / std::max(1.0, points), sum[1] / std::max(1.0, points)};
}

} // namespace

void align_plane(std::vector<float>& xy, const std::vector<float>& like) {
    if (xy.size() != like.size()) {
        return;
    }
    const std::array<double, 2> from = middle_of(xy), to = middle_of(like);
    // Of rotation and reflection the one with the larger sum of products; its angle is known in closed form.
    double same = 0, cross = 0, mirrored = 0, mirrored_cross = 0;
    for (std::size_t i = 0; i + 1 < xy.size(); i += 2) {
        const double x = xy[i] - from[0], y = xy[i + 1] - from[1];
        const double u = like[i] - to[0], v = like[i + 1] - to[1];
        if (!std::isfinite(x + y + u + v)) {
            continue;
        }
        same += x * u + y * v;
        cross += x * v - y * u;
        mirrored += x * u - y * v;
        mirrored_cross += x * v + y * u;
    }
    const bool mirror = std::hypot(mirrored, mirrored_cross) > std::hypot(same, cross);
    const double length = mirror ? std::hypot(mirrored, mirrored_cross) : std::hypot(same, cross);
    if (!(length > 0)) {
        return;
    }
    const double cosine = (mirror ? mirrored : same) / length;
    const double sine = (mirror ? mirrored_cross : cross) / length;
    for (std::size_t i = 0; i + 1 < xy.size(); i += 2) {
        const double x = xy[i] - from[0], y = (xy[i + 1] - from[1]) * (mirror ? -1 : 1);
        xy[i] = static_cast<float>(cosine * x - sine * y + to[0]);
        xy[i + 1] = static_cast<float>(sine * x + cosine * y + to[1]);
    }
}

LiveMapData make_live_map(const std::filesystem::path& run_directory, const LiveMapData* before,
                          JobContext& job) {
    job.begin("Reading the validation predictions", 0, {});
    const std::filesystem::path folder = run_directory / "monitor";
    LiveMapData map;
    std::uint64_t width = 0, rows = 0, columns = 0;
    std::vector<float> points = matrix_of(folder / "observed.npy", map.cells, width);
    job.check_cancelled();
    const std::vector<float> predicted = matrix_of(folder / "predicted.npy", rows, columns);
    if (rows != map.cells || columns != width) {
        throw Error("ShapeMismatch", "Predicted and observed cells differ in number or width",
                    {folder.string(), {}, {}}, "Wait for the next validation.");
    }
    points.insert(points.end(), predicted.begin(), predicted.end());
    read_cells(folder / "cells.csv", map);
    UmapOptions options;
    options.epochs = 200; // a glance, not a figure
    job.begin("Map of the validation predictions", static_cast<std::uint64_t>(options.epochs), "epochs");
    Umap umap = Umap::create(points, 2 * map.cells, width, options, job);
    while (!umap.done()) {
        umap.step(10, job);
        job.advance_to(static_cast<std::uint64_t>(umap.epoch()));
    }
    map.xy.assign(umap.embedding().begin(), umap.embedding().end());
    if (before != nullptr) {
        align_plane(map.xy, before->xy);
    }
    return map;
}

} // namespace ember

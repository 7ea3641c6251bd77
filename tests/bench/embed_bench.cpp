// Embeddings: principal components of a file, and UMAP of points.
// usage: embed_bench points FILE.npy [ROWS]        makes [ROWS × 50] points in eleven clusters
//        embed_bench genes FILE.h5ad [ROWS]        makes [ROWS × 2000] log-normalised counts of eleven cell
//        types embed_bench umap POINTS.npy [OUT.npy] [SEED] embed_bench quality POINTS.npy EMBEDDING.npy
//        embed_bench pca FILE.h5ad [OUT.npy]       50 components of X, read from the file; OUT: the
//        components embed_bench subspace A.npy B.npy          sine of the largest angle between two sets of
//        components
// Prints one JSON object.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>
#include <iostream>
#include <iterator>
#include <numeric>
#include <random>
#include <string>

#include <Eigen/Dense>
#include <nlohmann/json.hpp>

#include "core/base/error.hpp"
#include "core/data/anndata.hpp"
#include "core/data/h5ad_writer.hpp"
#include "core/data/npy.hpp"
#include "core/embedding/embedding_quality.hpp"
#include "core/embedding/pca.hpp"
#include "core/embedding/umap.hpp"

namespace {

using Clock = std::chrono::steady_clock;
using namespace ember;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

struct Points {
    std::uint64_t rows = 0, dims = 0;
    std::vector<float> values;
};

Points read_points(const std::string& file) {
    const NpyArray array = read_npy(file);
    return {array.shape.at(0), array.shape.at(1), {array.values.begin(), array.values.end()}};
}

void write_points(const std::string& file, std::uint64_t rows, std::uint64_t dims,
                  std::span<const float> values) {
    std::vector<std::uint64_t> all(rows);
    std::iota(all.begin(), all.end(), std::uint64_t{0});
    NpyWriter writer(file, rows, dims);
    writer.write_rows(all, values);
    writer.finish();
}

void make_points(const std::string& file, std::uint64_t rows) {
    constexpr std::uint64_t dims = 50, clusters = 11;
    std::mt19937_64 random(0);
    std::normal_distribution<float> normal;
    std::vector<float> centres(clusters * dims), values;
    for (float& x : centres) {
        x = 6 * normal(random);
    }
    for (std::uint64_t row = 0; row < rows; ++row) {
        const std::uint64_t cluster = random() % clusters;
        for (std::uint64_t d = 0; d < dims; ++d) {
            const float width = 1.5F * (2.0F - 1.6F * static_cast<float>(d) / (dims - 1));
            values.push_back(centres[cluster * dims + d] + width * normal(random));
        }
    }
    write_points(file, rows, dims, values);
}

/// Each type expresses forty genes of its own four times as strongly.
void make_genes(const std::string& file, std::uint64_t rows) {
    constexpr std::uint64_t genes = 2000, types = 11, own = 40;
    std::mt19937_64 random(1);
    std::gamma_distribution<double> strength(0.35, 0.45);
    std::lognormal_distribution<double> depth(0, 0.4);
    std::vector<double> base(genes);
    std::generate(base.begin(), base.end(), [&] { return strength(random); });
    NewAnnData data;
    data.x.reserve(rows * genes);
    std::vector<double> counts(genes);
    for (std::uint64_t row = 0; row < rows; ++row) {
        const std::uint64_t type = random() % types;
        const double scale = depth(random);
        for (std::uint64_t gene = 0; gene < genes; ++gene) {
            counts[gene] = std::poisson_distribution<int>(base[gene] * scale * (gene / own == type ? 4 : 1) +
                                                          1e-12)(random);
        }
        const double total = std::max(std::accumulate(counts.begin(), counts.end(), 0.0), 1.0);
        for (const double count : counts) {
            data.x.push_back(static_cast<float>(std::log1p(1e4 * count / total)));
        }
        data.obs_names.push_back("cell" + std::to_string(row));
    }
    for (std::uint64_t gene = 0; gene < genes; ++gene) {
        data.var_names.push_back("G" + std::to_string(gene));
    }
    write_h5ad(data, file);
}

nlohmann::json quality(const Points& points, std::span<const float> embedding) {
    JobContext job;
    const EmbeddingQuality found =
        measure_embedding(points.values, points.dims, embedding, 2, points.rows, {15, 4096, 0}, job);
    return {{"trustworthiness", found.trustworthiness}, {"neighbor_overlap", found.neighbor_overlap}};
}

nlohmann::json umap(const Points& points, const std::string& out, std::uint64_t seed) {
    JobContext job;
    UmapOptions options;
    options.seed = seed;
    const auto start = Clock::now();
    const NeighborTable table =
        find_neighbors(points.values, points.rows, points.dims,
                       {options.neighbors, options.metric, options.method, seed}, job);
    const double neighbors_s = seconds_since(start);
    const auto whole = Clock::now();
    Umap umap = Umap::create(points.values, points.rows, points.dims, options, job);
    const double create_s = seconds_since(whole);
    umap.step(umap.epochs(), job);
    const double fit_s = seconds_since(whole);
    if (!out.empty()) {
        write_points(out, points.rows, 2, umap.embedding());
    }
    return {{"fit_s", fit_s}, {"neighbors_s", neighbors_s}, {"create_s", create_s}, {"rows", points.rows}};
}

nlohmann::json neighbors(const Points& points) {
    JobContext job;
    NeighborOptions options;
    const auto found = [&](NeighborMethod method, double& seconds) {
        const auto start = Clock::now();
        options.method = method;
        NeighborTable table = find_neighbors(points.values, points.rows, points.dims, options, job);
        seconds = seconds_since(start);
        return table;
    };
    double exact_s = 0, approximate_s = 0;
    NeighborTable exact = found(NeighborMethod::exact, exact_s);
    NeighborTable approximate = found(NeighborMethod::approximate, approximate_s);
    const auto k = static_cast<std::ptrdiff_t>(exact.k);
    std::vector<std::uint32_t> both;
    for (std::ptrdiff_t row = 0; row < static_cast<std::ptrdiff_t>(exact.rows); ++row) {
        const auto wanted = exact.index.begin() + row * k, given = approximate.index.begin() + row * k;
        std::sort(wanted, wanted + k);
        std::sort(given, given + k);
        std::set_intersection(wanted, wanted + k, given, given + k, std::back_inserter(both));
    }
    return {{"exact_s", exact_s},
            {"approximate_s", approximate_s},
            {"recall", static_cast<double>(both.size()) / static_cast<double>(exact.index.size())}};
}

nlohmann::json components(const std::string& file, const std::string& out) {
    JobContext job;
    const auto start = Clock::now();
    const AnnDataPtr data = AnnData::open(file);
    const MatrixPtr x = data->matrix({});
    const PcaResult result = pca(*x, {}, job);
    const double fit_s = seconds_since(start);
    if (!out.empty()) {
        write_points(out, static_cast<std::uint64_t>(result.count), result.genes, result.components);
    }
    return {
        {"fit_s", fit_s},
        {"variance_ratio", std::accumulate(result.variance_ratio.begin(), result.variance_ratio.end(), 0.0)}};
}

nlohmann::json subspace(const Points& a, const Points& b) {
    using Rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const auto basis = [](const Points& points) {
        const Eigen::MatrixXd rows =
            Eigen::Map<const Rows>(points.values.data(), static_cast<Eigen::Index>(points.rows),
                                   static_cast<Eigen::Index>(points.dims))
                .cast<double>();
        const Eigen::HouseholderQR<Eigen::MatrixXd> qr(rows.transpose());
        return Eigen::MatrixXd(qr.householderQ() * Eigen::MatrixXd::Identity(rows.cols(), rows.rows()));
    };
    const Eigen::MatrixXd left = basis(a), right = basis(b);
    const Eigen::MatrixXd outside = right - left * (left.transpose() * right);
    return {{"sine", Eigen::JacobiSVD<Eigen::MatrixXd>(outside).singularValues()[0]}};
}

} // namespace

int main(int argc, char** argv) {
    const std::string what = argc > 2 ? argv[1] : "", third = argc > 3 ? argv[3] : "";
    try {
        if (what == "points") {
            make_points(argv[2], third.empty() ? 57298 : std::stoul(third));
        } else if (what == "genes") {
            make_genes(argv[2], third.empty() ? 57298 : std::stoul(third));
        } else if (what == "umap") {
            std::cout << umap(read_points(argv[2]), third, argc > 4 ? std::stoul(argv[4]) : 42) << '\n';
        } else if (what == "neighbors") {
            std::cout << neighbors(read_points(argv[2])) << '\n';
        } else if (what == "quality") {
            std::cout << quality(read_points(argv[2]), read_points(third).values) << '\n';
        } else if (what == "pca") {
            std::cout << components(argv[2], third) << '\n';
        } else if (what == "subspace") {
            std::cout << subspace(read_points(argv[2]), read_points(third)) << '\n';
        } else {
            std::cerr << "usage: embed_bench points|genes|umap|neighbors|quality|pca|subspace FILE …\n";
            return 2;
        }
    } catch (const Error& error) {
        std::cerr << "error: " << error.what() << '\n';
        return 3;
    }
    return 0;
}

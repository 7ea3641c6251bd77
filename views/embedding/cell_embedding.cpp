#include "views/embedding/cell_embedding.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "core/embedding/pca.hpp"
#include "core/embedding/umap.hpp"

namespace ember {

namespace {

constexpr float missing = std::numeric_limits<float>::quiet_NaN();
constexpr int components = 50;

void take(const RowBlock<float>& block, std::vector<float>& xy) {
    for (std::uint64_t row = 0; row < block.rows; ++row) {
        float place[2] = {0, 0};
        if (block.sparse) {
            for (std::uint64_t at = block.indptr[row]; at < block.indptr[row + 1]; ++at) {
                if (block.indices[at] < 2) {
                    place[block.indices[at]] += block.values[at];
                }
            }
        } else {
            std::copy_n(block.dense.data() + row * block.cols, std::min<std::uint64_t>(2, block.cols), place);
        }
        const std::uint64_t cell = block.first_row + row;
        const bool finite = std::isfinite(place[0]) && std::isfinite(place[1]);
        xy[2 * cell] = finite ? place[0] : missing;
        xy[2 * cell + 1] = finite && block.cols > 1 ? place[1] : missing;
    }
}

std::vector<float> copy_of(std::span<const float> values) {
    return {values.begin(), values.end()};
}

/// As many epochs as take some tens of milliseconds, so that the plot moves and cancel is heard.
class Pace {
public:
    int next() const { return epochs_; }
    void took(double seconds) {
        const double wanted = epochs_ * 0.04 / std::max(seconds, 1e-4);
        epochs_ = std::clamp(static_cast<int>(wanted), 1, 50);
    }

private:
    int epochs_ = 1;
};

} // namespace

std::vector<float> embedding_from_file(const AnnData& data, const std::string& key, JobContext& job) {
    const MatrixPtr matrix = data.matrix({MatrixSource::Kind::obsm, key});
    std::vector<float> xy(2 * matrix->rows(), 0.0F);
    job.begin("Reading the embedding", matrix->rows(), "cells");
    const std::function<void(const RowBlock<float>&)> visit = [&](const RowBlock<float>& block) {
        take(block, xy);
        job.advance_to(block.first_row + block.rows);
    };
    matrix->for_each_block(visit, job);
    return xy;
}

std::vector<float> live_umap(const AnnData& data, const MatrixSource& source,
                             const std::function<void(const EmbeddingStep&)>& show, JobContext& job) {
    const MatrixPtr matrix = data.matrix(source);
    const std::uint64_t rows = matrix->rows();
    PcaOptions reduction;
    reduction.components =
        static_cast<int>(std::min<std::uint64_t>(components, std::min(rows, matrix->cols())));
    const PcaResult reduced = pca(*matrix, reduction, job);
    const std::uint64_t dims = rows == 0 ? 0 : reduced.scores.size() / rows;
    Umap umap = Umap::create(reduced.scores, rows, dims, {}, job);
    std::vector<float> xy = copy_of(umap.embedding());
    show({xy, umap.epoch(), umap.epochs()});
    job.begin("Laying out", static_cast<std::uint64_t>(umap.epochs()), "epochs");
    Pace pace;
    while (!umap.done()) {
        const auto start = std::chrono::steady_clock::now();
        umap.step(pace.next(), job);
        pace.took(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
        xy = copy_of(umap.embedding());
        show({xy, umap.epoch(), umap.epochs()});
        job.advance_to(static_cast<std::uint64_t>(umap.epoch()));
    }
    return xy;
}

std::uint64_t count_left_out(const std::vector<float>& xy) {
    std::uint64_t without_x = 0, without_any = 0;
    for (std::size_t at = 0; at + 1 < xy.size(); at += 2) {
        without_x += !std::isfinite(xy[at]);
        without_any += !(std::isfinite(xy[at]) && std::isfinite(xy[at + 1]));
    }
    return 2 * without_any == xy.size() ? without_x : without_any;
}

} // namespace ember

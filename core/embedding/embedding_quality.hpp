#pragma once
// How much of the neighbourhoods an embedding keeps.

#include <cstdint>
#include <span>

#include "core/base/job.hpp"

namespace ember {

/// Both are measured on at most `sample` points: all, or a fixed random choice of them whose ranks among all
/// points are taken.
struct QualityOptions {
    int neighbors = 15; ///< without the point itself
    std::uint64_t sample = 4096;
    std::uint64_t seed = 0;
};

struct EmbeddingQuality {
    double trustworthiness = 0;  ///< 1: no false neighbours (Venna & Kaski 2001); as scikit-learn's
    double neighbor_overlap = 0; ///< share of the neighbours that are neighbours in the embedding too
    std::uint64_t points = 0;    ///< measured
};

/// `points` [rows × dims], `embedding` [rows × embedding_dims], all finite. Throws UsageError where
/// 2 · neighbors >= rows.
EmbeddingQuality measure_embedding(std::span<const float> points, std::uint64_t dims,
                                   std::span<const float> embedding, std::uint64_t embedding_dims,
                                   std::uint64_t rows, const QualityOptions& options, JobContext& job);

/// Sum of squares between two embeddings [rows × dims] after shift, scale and rotation or reflection
/// (scipy.spatial.procrustes): 0 for the same shape, at most 1. Throws Error `NoPoints` when either is one
/// point.
double procrustes_disparity(std::span<const float> a, std::span<const float> b, std::uint64_t rows,
                            std::uint64_t dims);

} // namespace ember

#pragma once
// The parts of a comparison that other jobs compute. What fails for want of data becomes a warning; errors
// of reading, memory and cancellation are thrown.

#include "core/evaluation/compare.hpp"

namespace ember {

/// evaluate() for each prediction.
void add_metrics(const CompareRequest& request, CompareResult& result, JobContext& job);
/// The condition table.
void add_genes(const CompareRequest& request, CompareResult& result, JobContext& job);
/// Ranked enrichment of the mean change and of the changes in the cell types with most cells.
void add_pathways(const CompareRequest& request, CompareResult& result, JobContext& job);

} // namespace ember

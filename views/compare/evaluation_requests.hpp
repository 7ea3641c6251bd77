#pragma once
// What is asked of the core about a set of compared files.

#include "core/evaluation/compare.hpp"
#include "views/compare/compare_set.hpp"

namespace ember {

/// Changes and verdicts of all models that have a real counterpart, without metrics, genes and pathways.
/// Reads the files' records: call it in a job.
CompareRequest verdict_request(const CompareSet& set, const AnnDataPtr& real,
                               const std::vector<AnnDataPtr>& predictions);

/// Metrics of one model.
EvaluationRequest metric_request(const CompareSet& set, const ComparedFile& model);

/// Those of `set.models` that are held against the real cells.
std::vector<const ComparedFile*> models_with_real(const CompareSet& set);

/// Names the files, values and columns that a result was made from.
QString resultKey(const CompareSet& set, const std::vector<const ComparedFile*>& models);
/// Ids of the documents that a result was made from.
std::vector<int> resultDocuments(const CompareSet& set, const std::vector<const ComparedFile*>& models);

} // namespace ember

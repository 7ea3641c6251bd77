#pragma once
// From the choices of the form to a request, and names of its results.

#include "core/genes/differential_expression.hpp"
#include "views/genes/gene_context.hpp"
#include "views/genes/genes_settings.hpp"

namespace ember {

/// A result with its question.
struct DifferentialOutcome {
    DifferentialRequest request;
    DifferentialResult result;
};

/// What the form shows: the settings with their defaults filled in. By default the perturbation against its
/// control within each cell type, else each cell type against the rest; mice as units where there are any.
DifferentialSettings resolved(const DifferentialSettings& settings, const GeneContext& context,
                              const MatrixSource& main);

/// `settings` are resolved.
DifferentialRequest differentialRequest(const QString& file, const DifferentialSettings& settings,
                                        const GeneContext& context);

/// Equal exactly for equal questions to one document.
QString keyOf(DocumentRef document, const DifferentialRequest& request);

QString tableKey(const DifferentialTable& table);   ///< for DifferentialSettings::table
QString tableTitle(const DifferentialTable& table); ///< "Burn, Neu, day10"
/// The table of this key, else the first; -1 when there is none.
int tableIndex(const DifferentialResult& result, const QString& key);

/// "Burn (1,204 cells, mouse: 9) against Sham (…) · Welch's t on mouse · 37 of 500 genes with padj < 0.05".
QString describeTable(const DifferentialRequest& request, const DifferentialTable& table, double alpha);

/// Genes with padj below `alpha`; 1 up, -1 down, 0 not changed, [genes].
std::vector<int> directions(const DifferentialTable& table, double alpha, double effect);

} // namespace ember

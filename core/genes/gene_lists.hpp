#pragma once
// Genes from files: plain lists, rankings, and tables of differential expression.

#include <filesystem>
#include <limits>
#include <string>
#include <vector>

namespace ember {

/// One comparison of a table of differential expression. Vectors are [genes]; NaN where a field is empty.
struct GeneComparison {
    std::string group;                                       ///< empty when the table has no such column
    std::vector<std::pair<std::string, std::string>> within; ///< column before `group` and its label
    std::vector<std::string> genes;
    std::vector<double> score, log_fold_change, padj;

    std::string label() const; ///< "Burn, cell_type Neu, timepoint day10"
};

/// Reads what `emberview-cli de` writes (differential_csv), or scanpy's names of the columns (names, scores,
/// logfoldchanges, pvals_adj); plain or gzip. Comparisons are in the file's order. Throws CannotRead,
/// NotDifferential (a column is missing, a row has too few fields, a field is no number; names the row).
std::vector<GeneComparison> read_differential_csv(const std::filesystem::path& file);

/// The one of `group` (empty: any) and of these labels of the columns before it. Throws UsageError, naming
/// those that are there, unless it is exactly one.
const GeneComparison& choose_comparison(const std::vector<GeneComparison>& comparisons,
                                        const std::string& group,
                                        const std::vector<std::pair<std::string, std::string>>& within);

enum class Direction { up, down, both };

/// The genes with padj below `padj`, |log fold change| at least `min_lfc`, and this sign.
std::vector<std::string> changed_genes(const GeneComparison& comparison, double padj, double min_lfc,
                                       Direction direction);

/// Genes, and their scores where the text has a second column of numbers.
struct GeneList {
    std::vector<std::string> genes;
    std::vector<double> scores; ///< [genes], or empty
};

/// One gene per line, or gene and score separated by tab, comma or space; empty lines, lines that begin with
/// # and Windows line ends are read. Throws NotGeneList naming the row.
GeneList parse_gene_list(const std::string& text, const std::string& file);
GeneList read_gene_list(const std::filesystem::path& file);

} // namespace ember

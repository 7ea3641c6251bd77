#pragma once
// What the columns of a matrix are called.

#include <string>
#include <vector>

#include "core/data/anndata.hpp"

namespace ember {

struct MatrixGenes {
    std::vector<std::string> names; ///< [columns]; "X_pca 1" … where they are not genes
    bool known = false;             ///< they are names of genes
};

/// From var (or raw's var) where the width agrees, else of the genes that var marks as highly variable where
/// their number agrees. Throws as AnnData::matrix.
MatrixGenes matrix_genes(const AnnData& data, const MatrixSource& source);

} // namespace ember

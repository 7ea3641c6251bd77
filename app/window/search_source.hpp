#pragma once
// What of a document can be found by name: its genes, its columns and their labels. Gathered in a job.

#include <cstdint>
#include <vector>

#include <QString>
#include <QStringList>

#include "core/base/cell_selection.hpp"
#include "core/data/anndata.hpp"

namespace ember {

struct LabelSource {
    QString label;
    std::int32_t column = 0; ///< index into SearchSource::groups
    std::int32_t code = 0;
    std::uint64_t cells = 0;
};

struct GroupSource {
    QString column;
    std::vector<std::int32_t> codes; ///< [cells]
};

struct SearchSource {
    QStringList genes, columns;
    std::vector<GroupSource> groups; ///< columns with few labels
    std::vector<LabelSource> labels;
};

/// Throws the reader's errors; a column that cannot be read is left out.
SearchSource gather_search_source(const AnnData& data, JobContext& job);

/// The cells with this label.
CellSelection cells_with(const SearchSource& source, const LabelSource& label);

} // namespace ember

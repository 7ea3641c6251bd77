#pragma once
// One obs column as a small picture: its categories with counts, or a histogram.

#include <memory>
#include <vector>

#include <QString>

#include "core/data/anndata.hpp"
#include "widgets/category_bars.hpp"
#include "widgets/histogram_data.hpp"

namespace ember {

struct ColumnSummary {
    QString name, dtype;
    std::shared_ptr<const Column> column; ///< null when it could not be read
    std::vector<CategoryBar> bars;        ///< of categories, texts, truth values and a few whole numbers
    HistogramData histogram;              ///< of other numbers
    QStringList labels;                   ///< all categories in the file's order, when it has categories
    std::uint64_t missing = 0;
    QString note; ///< "4,812 different texts, such as AAACCT-1"; or why it could not be read
    bool failed = false;
};

/// Never throws for what is wrong with the column itself: `failed` and `note` say it.
ColumnSummary summariseColumn(const AnnData& data, const ColumnInfo& info);

} // namespace ember

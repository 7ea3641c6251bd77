#pragma once
// What is compared: two to four predictions, the real cells that they are held against, and the columns that
// group the cells.

#include <optional>
#include <string>
#include <vector>

#include <QColor>
#include <QString>
#include <QStringList>

#include "views/compare/compare_settings.hpp"
#include "views/workspace.hpp"

namespace ember {

constexpr int most_compared = 4;

/// One prediction, or the real cells.
struct ComparedFile {
    DocumentRef document;
    QString name; ///< of the model where that tells predictions apart, else of the file
    QString path;
    MatrixSource source; ///< the values that are compared
    std::uint64_t cells = 0, genes = 0;
    MatrixSource realSource; ///< a prediction's counterpart in the real cells
    bool hasReal = false;    ///< the real cells have that counterpart, with as many genes
    bool sameCells = false;  ///< row by row those of the real cells
    QColor color;            ///< in plots; grey for the real cells
    bool operator==(const ComparedFile&) const = default;
};

/// obs columns; empty where there is none.
struct CompareColumns {
    std::string perturbation, control, cellType, time, replicate;
    bool operator==(const CompareColumns&) const = default;
};

struct CompareSet {
    std::vector<ComparedFile> models;
    std::optional<ComparedFile> real;
    QString realPath; ///< where the real cells should be, while they are not open; may be empty
    CompareColumns columns;
    QStringList problems; ///< sentences: what cannot be compared, and why

    bool operator==(const CompareSet&) const = default;
    const ComparedFile* find(const QString& path) const; ///< the real cells for an empty path; null: none
    /// The real cells first, then the models: those whose values have as many genes as the first.
    std::vector<const ComparedFile*> comparable() const;
};

/// The chosen predictions that are open, else all predictions of the current document's cells.
CompareSet compareSet(const Workspace& workspace, DocumentRef current, const CompareSettings& settings);

/// "st_wound": the model's folder, where all differ; else the files' names. [predictions]
QStringList comparedNames(const std::vector<const PredictionDocument*>& predictions);

} // namespace ember

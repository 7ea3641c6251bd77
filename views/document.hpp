#pragma once
// What is open in the window: data sets, models and predictions, as plain values.

#include <optional>
#include <vector>

#include <QMetaType>
#include <QString>

#include <nlohmann/json.hpp>

#include "core/analysis/schema_guess.hpp"
#include "core/base/infer.hpp"
#include "core/data/anndata.hpp"

namespace ember {

enum class DocumentKind { none, dataset, model, prediction };

/// Names an open document; ids are unique among all kinds and never used twice.
struct DocumentRef {
    DocumentKind kind = DocumentKind::none;
    int id = 0;
    explicit operator bool() const { return kind != DocumentKind::none; }
    bool operator==(const DocumentRef&) const = default;
};

struct DatasetDocument {
    int id = 0;
    QString path;
    QString name; ///< file name without its extension
    /// cells_fingerprint() of its cells, made when opened; documents with equal ones share a selection.
    QString cells;
    AnnDataPtr data;
    Schema schema; ///< guessed when opened, then as the user set it
    std::vector<DataProblem> problems;
};

struct ModelDocument {
    int id = 0;
    QString path; ///< run directory
    QString name;
    nlohmann::json info; ///< inspect_model()
    SchemaHints hints;   ///< columns and labels that the model was trained with
};

/// The output of `infer`: a file (opened as a data set of its own), how it was made, and which member of the
/// file the model predicted.
struct PredictionDocument {
    int id = 0;
    QString name;
    QString modelPath, inputPath; ///< as recorded; may be empty for a file of unknown origin
    DatasetDocument output;       ///< id equals that of the prediction
    MatrixSource source;          ///< the predicted matrix inside the output
    InferResult result;           ///< counts, columns used, unknown perturbations, warnings
};

} // namespace ember

Q_DECLARE_METATYPE(ember::DocumentRef)

#include "views/embedding/pane_choices.hpp"

#include <algorithm>

#include <QCoreApplication>

#include "views/embedding/statistics_choice.hpp"
#include "views/selections.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::EmbeddingPane", text);
}

bool isPlane(const MemberInfo& member) {
    return member.cols == 2 || member.cols == 3;
}

/// Smaller is better.
int rank(const MemberInfo& member) {
    const QString key = QString::fromStdString(member.key).toLower();
    const int named = key.contains("umap") ? 0 : key.contains("tsne") || key.contains("t-sne") ? 1 : 2;
    return named + (isPlane(member) ? 0 : 10);
}

bool has(const std::vector<EmbeddingChoice>& choices, const EmbeddingChoice& wanted) {
    return std::find(choices.begin(), choices.end(), wanted) != choices.end();
}

bool isNumber(const ColumnInfo& info) {
    static const std::vector<std::string> beginnings = {"int", "uint", "float", "Int", "UInt", "Float"};
    return std::any_of(beginnings.begin(), beginnings.end(),
                       [&info](const std::string& word) { return info.dtype.rfind(word, 0) == 0; });
}

} // namespace

std::vector<EmbeddingChoice> embeddingsOf(const AnnData& data) {
    std::vector<MemberInfo> members;
    for (const MemberInfo& member : data.obsm()) {
        if (!member.data_frame && member.cols > 0 && member.rows == data.n_obs()) {
            members.push_back(member);
        }
    }
    std::stable_sort(members.begin(), members.end(),
                     [](const MemberInfo& a, const MemberInfo& b) { return rank(a) < rank(b); });
    std::vector<EmbeddingChoice> choices;
    for (const MemberInfo& member : members) {
        choices.push_back({EmbeddingChoice::Kind::obsm, QString::fromStdString(member.key)});
    }
    return choices;
}

EmbeddingChoice resolved(const EmbeddingChoice& choice, DocumentRef document, const DatasetDocument& data) {
    using Kind = EmbeddingChoice::Kind;
    const std::vector<EmbeddingChoice> members = embeddingsOf(*data.data);
    if (choice.kind == Kind::umap || (choice.kind == Kind::obsm && has(members, choice))) {
        return choice;
    }
    const EmbeddingChoice ofPrediction{Kind::obsm, "X_pred_umap"};
    if (has(members, ofPrediction)) {
        return ofPrediction;
    }
    const auto& obsm = data.data->obsm();
    const bool drawn = !members.empty() && std::any_of(obsm.begin(), obsm.end(), [&](const MemberInfo& info) {
        return QString::fromStdString(info.key) == members.front().key && isPlane(info);
    });
    if (document.kind == DocumentKind::dataset && drawn) {
        return members.front();
    }
    return {Kind::umap, {}};
}

ColorChoice resolved(const ColorChoice& choice, const DatasetDocument& data) {
    using Kind = ColorChoice::Kind;
    const QStringList columns = colorColumns(data);
    if (choice.kind != Kind::automatic && (choice.kind != Kind::column || columns.contains(choice.key))) {
        return choice;
    }
    const QString best = groupColumns(data).value(0);
    return best.isEmpty() ? ColorChoice{Kind::magnitude, {}} : ColorChoice{Kind::column, best};
}

QStringList colorColumns(const DatasetDocument& data) {
    QStringList columns = groupColumns(data);
    for (const ColumnInfo& info : data.data->obs_columns()) {
        const QString name = QString::fromStdString(info.name);
        if (isNumber(info) && !columns.contains(name)) {
            columns << name;
        }
    }
    return columns;
}

MatrixSource mainSource(const Workspace& workspace, DocumentRef document) {
    if (const PredictionDocument* made = workspace.prediction(document.id);
        made != nullptr && document.kind == DocumentKind::prediction) {
        return made->source;
    }
    const DatasetDocument* data = workspace.dataOf(document);
    const std::vector<MatrixSource> sources =
        data == nullptr ? std::vector<MatrixSource>() : sourcesOf(*data->data);
    return sources.empty() ? MatrixSource() : sources.front();
}

QString embeddingText(const EmbeddingChoice& choice, const MatrixSource& source) {
    return choice.kind == EmbeddingChoice::Kind::umap
               ? tr("UMAP of %1").arg(QString::fromStdString(to_string(source)))
               : choice.key;
}

QString colorText(const ColorChoice& choice) {
    switch (choice.kind) {
    case ColorChoice::Kind::automatic:
    case ColorChoice::Kind::plain:
        return tr("One colour");
    case ColorChoice::Kind::magnitude:
        return tr("Magnitude");
    case ColorChoice::Kind::gene:
        return choice.key.isEmpty() ? tr("Gene of X…") : choice.key;
    case ColorChoice::Kind::predictedGene:
        return choice.key.isEmpty() ? tr("Predicted gene…") : tr("%1, predicted").arg(choice.key);
    case ColorChoice::Kind::column:
        break;
    }
    return choice.key;
}

std::vector<DocumentRef> documentsWithCellsOf(const Workspace& workspace, DocumentRef document) {
    std::vector<DocumentRef> found = {document};
    const auto add = [&](DocumentRef other) {
        if (other != document && workspace.selections().sameCells(document, other)) {
            found.push_back(other);
        }
    };
    for (const PredictionDocument* prediction : workspace.predictions()) {
        add({DocumentKind::prediction, prediction->id});
    }
    for (const DatasetDocument* dataset : workspace.datasets()) {
        add({DocumentKind::dataset, dataset->id});
    }
    return found;
}

} // namespace ember

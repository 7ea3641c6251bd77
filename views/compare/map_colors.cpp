#include "views/compare/map_colors.hpp"

#include <algorithm>

#include <QCoreApplication>

#include "core/analysis/group_means.hpp"
#include "views/embedding/gene_values.hpp"
#include "views/embedding/pane_choices.hpp"
#include "views/embedding/statistics_choice.hpp"
#include "views/selections.hpp"

namespace ember {

namespace {

using Kind = MapColor::Kind;

QString tr(const char* text) {
    return QCoreApplication::translate("ember::CompareView", text);
}

QString sourceText(const ComparedFile& file) {
    return QString("%1/%2").arg(file.document.id).arg(QString::fromStdString(to_string(file.source)));
}

ColorChoice plainChoice(const MapColor& color) {
    switch (color.kind) {
    case Kind::column:
        return {ColorChoice::Kind::column, color.key};
    case Kind::magnitude:
        return {ColorChoice::Kind::magnitude, {}};
    case Kind::gene:
        return {ColorChoice::Kind::predictedGene, color.key};
    default:
        return {ColorChoice::Kind::plain, {}};
    }
}

bool sameCells(const Workspace& workspace, const ComparedFile& a, const ComparedFile& b) {
    return a.document == b.document || workspace.selections().sameCells(a.document, b.document);
}

PointColors distanceColors(const AnnData& data, const MatrixSource& source, const AnnData& other,
                           const MatrixSource& otherSource, const QString& title, JobContext& job) {
    auto values = std::make_shared<const std::vector<float>>(
        cell_distances(*data.matrix(source), *other.matrix(otherSource), job));
    return valuePointColors(title, std::move(values), ColorMap::magma);
}

PointColors geneColors(const AnnData& data, const MatrixSource& source, const AnnData& other,
                       const MatrixSource& otherSource, const std::string& gene, const QString& title,
                       JobContext& job) {
    std::vector<float> values = gene_values(data, source, gene, job);
    const std::vector<float> reference = gene_values(other, otherSource, gene, job);
    std::transform(values.begin(), values.end(), reference.begin(), values.begin(),
                   [](float value, float from) { return value - from; });
    return valuePointColors(title, std::make_shared<const std::vector<float>>(std::move(values)),
                            ColorMap::diverging);
}

} // namespace

MapColor resolved(const MapColor& color, const CompareSet& set, const Workspace& workspace) {
    const std::vector<const ComparedFile*> files = set.comparable();
    if (files.empty()) {
        return {Kind::plain, {}, {}};
    }
    const DatasetDocument* data = workspace.dataOf(files.front()->document);
    const QStringList columns = data == nullptr ? QStringList() : colorColumns(*data);
    MapColor chosen = color;
    if (chosen.isDifference() && set.find(chosen.reference) == nullptr) {
        chosen.reference = set.real || set.models.empty() ? QString() : set.models.front().path;
    }
    const bool known = chosen.kind != Kind::column || columns.contains(chosen.key);
    if (chosen.kind != Kind::automatic && known) {
        return chosen;
    }
    const QString perturbation = QString::fromStdString(set.columns.perturbation);
    const QString best = columns.contains(perturbation) ? perturbation : columns.value(0);
    return best.isEmpty() ? MapColor{Kind::magnitude, {}, {}} : MapColor{Kind::column, best, {}};
}

MapColorKey mapColorKey(const MapColor& color, const ComparedFile& file, const CompareSet& set,
                        const Workspace& workspace) {
    if (!color.isDifference()) {
        const bool plain = color.kind == Kind::plain || (color.isGene() && color.key.isEmpty());
        return {plain ? QString() : ColoringStore::keyOf(file.document, plainChoice(color), file.source), {}};
    }
    const ComparedFile* reference = set.find(color.reference);
    if (reference == nullptr || (color.isGene() && color.key.isEmpty())) {
        return {};
    }
    if (reference->document == file.document) {
        return {{}, tr("The reference")};
    }
    if (!sameCells(workspace, file, *reference)) {
        return {{}, tr("Other cells than the reference: no difference cell by cell")};
    }
    const QString what = color.isGene() ? "gene:" + color.key : QStringLiteral("distance");
    return {QStringList{what, sourceText(file), sourceText(*reference)}.join('\n'), {}};
}

void wantMapColors(ColoringStore& store, const MapColor& color, const ComparedFile& file,
                   const CompareSet& set, const Workspace& workspace) {
    const QString key = mapColorKey(color, file, set, workspace).key;
    if (key.isEmpty()) {
        return;
    }
    if (!color.isDifference()) {
        store.want(file.document, plainChoice(color), file.source);
        return;
    }
    const ComparedFile& reference = *set.find(color.reference);
    const AnnDataPtr data = workspace.dataOf(file.document)->data;
    const AnnDataPtr other = workspace.dataOf(reference.document)->data;
    const QString from =
        set.real && reference.document == set.real->document ? tr("the real cells") : reference.name;
    const QString title =
        color.isGene() ? tr("%1 less %2").arg(color.key, from) : tr("Distance from %1").arg(from);
    store.wantMade(
        key, file.document, tr("Differences of %1").arg(file.name),
        [data, other, source = file.source, otherSource = reference.source, color, title](JobContext& job) {
            return color.isGene()
                       ? geneColors(*data, source, *other, otherSource, color.key.toStdString(), title, job)
                       : distanceColors(*data, source, *other, otherSource, title, job);
        });
}

void shareRange(std::vector<PointColors*> all) {
    std::erase_if(all, [](const PointColors* colors) { return colors->coloring() != PointColoring::value; });
    if (all.empty()) {
        return;
    }
    double low = all.front()->low, high = all.front()->high;
    for (const PointColors* colors : all) {
        low = std::min(low, colors->low);
        high = std::max(high, colors->high);
    }
    for (PointColors* colors : all) {
        colors->low = low;
        colors->high = high;
    }
}

QString mapColorText(const MapColor& color) {
    switch (color.kind) {
    case Kind::automatic:
    case Kind::plain:
        return tr("One colour");
    case Kind::column:
        return color.key;
    case Kind::magnitude:
        return tr("Magnitude");
    case Kind::gene:
        return color.key.isEmpty() ? tr("Gene…") : color.key;
    case Kind::distance:
        return tr("Distance from…");
    case Kind::geneDifference:
        return color.key.isEmpty() ? tr("Gene, difference from…") : tr("%1, difference").arg(color.key);
    }
    return {};
}

} // namespace ember

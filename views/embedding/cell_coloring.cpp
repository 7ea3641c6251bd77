#include "views/embedding/cell_coloring.hpp"

#include <QCoreApplication>

#include "core/analysis/prediction_statistics.hpp"
#include "views/embedding/gene_values.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::EmbeddingPane", text);
}

QString textOf(const std::string& text) {
    return QString::fromStdString(text);
}

PointColors group_coloring(const AnnData& data, const std::string& name, const Column& column) {
    CategoricalColumn groups = as_groups(column);
    QStringList names;
    for (const std::string& category : groups.categories) {
        names << textOf(category);
    }
    std::vector<QColor> colors;
    for (const std::string& color : data.colors(name)) {
        colors.emplace_back(textOf(color));
    }
    return categoryPointColors(textOf(name), names,
                               std::make_shared<const std::vector<std::int32_t>>(std::move(groups.codes)),
                               colors);
}

std::vector<float> magnitudes(const AnnData& data, const MatrixSource& source, JobContext& job) {
    StatisticsRequest request;
    request.source = source;
    return compute_statistics(data, request, job).magnitude;
}

} // namespace

PointColors column_coloring(const AnnData& data, const std::string& column) {
    const auto read = data.obs(column);
    const auto* numbers = std::get_if<NumericColumn>(&read->data);
    if (numbers == nullptr) {
        return group_coloring(data, column, *read);
    }
    return valuePointColors(textOf(column), std::make_shared<const std::vector<float>>(
                                                numbers->values.begin(), numbers->values.end()));
}

PointColors gene_coloring(const AnnData& data, const MatrixSource& source, const std::string& gene,
                          JobContext& job) {
    auto values = std::make_shared<const std::vector<float>>(gene_values(data, source, gene, job));
    return valuePointColors(QString("%1 (%2)").arg(textOf(gene), textOf(to_string(source))),
                            std::move(values));
}

PointColors magnitude_coloring(std::vector<float> magnitude, const MatrixSource& source) {
    return valuePointColors(tr("Magnitude of %1").arg(textOf(to_string(source))),
                            std::make_shared<const std::vector<float>>(std::move(magnitude)));
}

PointColors cell_coloring(const AnnData& data, const ColorChoice& choice, const MatrixSource& source,
                          JobContext& job) {
    switch (choice.kind) {
    case ColorChoice::Kind::column:
        return column_coloring(data, choice.key.toStdString());
    case ColorChoice::Kind::gene:
        return gene_coloring(data, {MatrixSource::Kind::x, {}}, choice.key.toStdString(), job);
    case ColorChoice::Kind::predictedGene:
        return gene_coloring(data, source, choice.key.toStdString(), job);
    case ColorChoice::Kind::magnitude:
        return magnitude_coloring(magnitudes(data, source, job), source);
    case ColorChoice::Kind::automatic:
    case ColorChoice::Kind::plain:
        break;
    }
    return {};
}

} // namespace ember

#include "views/embedding/embedding_pane.hpp"

#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>

#include "views/embedding/legend_settings.hpp"
#include "views/embedding/pane_choices.hpp"
#include "views/embedding/prediction_banner.hpp"
#include "views/selections.hpp"
#include "widgets/elided_label.hpp"
#include "widgets/formatting.hpp"
#include "widgets/point_cloud_plot.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

bool isGene(const ColorChoice& choice) {
    return choice.kind == ColorChoice::Kind::gene || choice.kind == ColorChoice::Kind::predictedGene;
}

} // namespace

EmbeddingPane::EmbeddingPane(Workspace& workspace, const PaneStores& stores, int number, QWidget* parent)
    : QWidget(parent), workspace_(workspace), stores_(stores) {
    build(number);
    connect(&stores_.embeddings, &EmbeddingStore::changed, this, [this](const QString& key) {
        if (document_ && key == embeddingKey()) {
            showPoints();
        }
    });
    connect(&stores_.colorings, &ColoringStore::changed, this, [this](const QString& key) {
        if (document_ && key == colorKey()) {
            showColors();
        }
    });
    connect(&stores_.verdicts, &VerdictStore::ready, this, [this](DocumentRef document) {
        if (document == document_) {
            showNote();
        }
    });
    connect(plot_, &PointCloudPlot::colorsChanged, this, [this](const PointColors& edited) {
        const PointColors before = withLegend(base_, legend_);
        emit legendWanted(legendKey(color_), legendToJson(base_, edited), legendChangeText(before, edited));
    });
    plot_->setHoverText([this](qint64 cell) { return hoverText(cell); });
    plot_->setFigureName("cells");
    connect(plot_, &PointCloudPlot::regionSelected, this,
            [this](const CellSelection& region, SelectionMode mode) {
                workspace_.selections().change(document_, region, mode, {});
            });
}

QString EmbeddingPane::embeddingKey() const {
    return EmbeddingStore::keyOf(document_, embedding_, source_);
}

QString EmbeddingPane::colorKey() const {
    return ColoringStore::keyOf(document_, color_, source_);
}

void EmbeddingPane::show(DocumentRef viewDocument, const MatrixSource& viewSource,
                         const PaneSettings& settings, const QJsonObject& legends) {
    viewDocument_ = viewDocument;
    settings_ = settings;
    document_ = viewDocument;
    for (const DocumentRef other : documentsWithCellsOf(workspace_, viewDocument)) {
        if (!settings.document.isEmpty() && workspace_.dataOf(other)->path == settings.document) {
            document_ = other;
        }
    }
    source_ = document_ == viewDocument ? viewSource : mainSource(workspace_, document_);
    const DatasetDocument& data = *workspace_.dataOf(document_);
    embedding_ = resolved(settings.embedding, document_, data);
    color_ = resolved(settings.color, data);
    legend_ = legends[legendKey(color_)].toObject();
    fillDocuments();
    fillEmbeddings();
    fillColors();
    fillGenes();
    if (startsByItself()) {
        stores_.embeddings.want(document_, embedding_, source_, false);
    }
    stores_.colorings.want(document_, color_, source_);
    stores_.verdicts.want(document_, source_);
    showPoints();
    showColors();
    selectionChanged();
}

/// A UMAP of very many cells waits until it is asked for.
bool EmbeddingPane::startsByItself() const {
    constexpr std::uint64_t most = 200'000;
    return embedding_.kind != EmbeddingChoice::Kind::umap ||
           workspace_.dataOf(document_)->data->n_obs() <= most;
}

void EmbeddingPane::choose(PaneSettings settings, const QString& undoText) {
    if (settings != settings_) {
        emit wanted(settings, undoText);
    }
}

void EmbeddingPane::chooseColor(int index) {
    const ColorChoice choice{static_cast<ColorChoice::Kind>(colors_->itemData(index).toInt()),
                             colors_->itemData(index, Qt::UserRole + 1).toString()};
    PaneSettings settings = settings_;
    settings.color = choice;
    if (isGene(choice) && isGene(color_)) {
        settings.color.key = color_.key;
    }
    choose(settings, tr("Colour by %1").arg(colors_->itemText(index)));
    if (isGene(choice)) {
        gene_->setFocus();
    }
}

void EmbeddingPane::chooseGene() {
    const QString gene = gene_->text().trimmed();
    if (gene.isEmpty() || !isGene(color_)) {
        return;
    }
    PaneSettings settings = settings_;
    settings.color = {color_.kind, gene};
    choose(settings, tr("Colour by %1").arg(gene));
}

void EmbeddingPane::showPoints() {
    const CellPoints& points = stores_.embeddings.points(embeddingKey());
    if (points.xy) {
        plot_->setPoints(points.xy, points.xLabel, points.yLabel);
    } else if (pointsShown_ != embeddingKey()) {
        plot_->setPoints(std::make_shared<const std::vector<float>>(), {}, {});
    }
    if (pointsShown_ != embeddingKey() && points.xy) {
        plot_->resetView();
    }
    pointsShown_ = points.xy ? embeddingKey() : QString();
    const DatasetDocument* data = workspace_.dataOf(document_);
    if (data == nullptr) {
        return;
    }
    const nlohmann::json provenance = {{"file", data->path.toStdString()},
                                       {"values", to_string(source_)},
                                       {"embedding", points.xLabel.toStdString()},
                                       {"color", legendKey(color_).toStdString()},
                                       {"left_out", points.leftOut}};
    plot_->setProvenance(QString::fromStdString(provenance.dump()));
    plot_->setTitle(QString("%1: %2").arg(data->name, embeddingText(embedding_, source_)));
    showNote();
}

void EmbeddingPane::showColors() {
    const CellColors& colors = stores_.colorings.colors(colorKey());
    base_ = colors.colors;
    plot_->setColors(withLegend(base_, legend_));
    placeLegend();
    showNote();
}

/// Names go below where they would leave no room for the cells; a colour bar stands.
void EmbeddingPane::placeLegend() {
    constexpr double narrow_ems = 22;
    plot_->setLegendBelow(base_.coloring() == PointColoring::category &&
                          width() < lengthInEms(this, narrow_ems));
}

void EmbeddingPane::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    placeLegend();
}

/// The cell's name and what its colour says.
QString EmbeddingPane::hoverText(qint64 cell) const {
    const DatasetDocument* data = workspace_.dataOf(document_);
    const auto at = static_cast<std::size_t>(cell);
    if (data == nullptr || at >= data->data->n_obs()) {
        return {};
    }
    const QString name = QString::fromStdString(data->data->obs_names()[at]); // read when it was opened
    const PointColors& colors = plot_->colors();
    QString value;
    if (colors.coloring() == PointColoring::category) {
        const std::int32_t code = (*colors.codes)[at];
        value = code < 0 ? tr("no label") : colors.names.value(code);
    } else if (colors.coloring() == PointColoring::value) {
        value = formatNumber((*colors.values)[at]);
    }
    return value.isEmpty() ? name : QString("%1\n%2: %3").arg(name, colors.title, value);
}

void EmbeddingPane::selectionChanged() {
    plot_->setSelection(&workspace_.selections().of(document_));
}

QString EmbeddingPane::note() const {
    return note_->text();
}

void EmbeddingPane::showNote() {
    const CellPoints& points = stores_.embeddings.points(embeddingKey());
    const CellColors& colors = stores_.colorings.colors(colorKey());
    QStringList parts;
    QString action;
    using State = CellPoints::State;
    if (points.state == State::absent) {
        parts << tr("A UMAP of so many cells takes a while.");
        action = tr("Compute");
    } else if (points.isRunning()) {
        parts << (points.activity.isEmpty() ? tr("Waiting for other jobs") : points.activity);
        action = tr("Cancel");
    } else if (points.state == State::cancelled) {
        parts << (points.xy ? tr("Cancelled before the end") : tr("Cancelled"));
        action = tr("Start again");
    } else if (points.state == State::failed) {
        parts << points.problem;
        action = tr("Try again");
    }
    const QString leftOut = formatCount(static_cast<std::int64_t>(points.leftOut), tr("cell"), tr("cells"));
    plot_->setNote(points.leftOut > 0 ? tr("%1 with non-finite values are left out").arg(leftOut)
                                      : QString());
    if (colors.state == CellColors::State::loading) {
        parts << tr("Reading %1 %2\u00a0%").arg(colorText(color_)).arg(static_cast<int>(100 * colors.share));
    } else if (colors.state == CellColors::State::failed) {
        parts << colors.problem;
    } else if (isGene(color_) && color_.key.isEmpty()) {
        parts << tr("Type the name of a gene");
    }
    note_->setText(parts.join(" · "));
    note_->setVisible(!parts.isEmpty());
    action_->setText(action);
    action_->setVisible(!action.isEmpty());
    const ConditionVerdict* verdict =
        document_ == viewDocument_ ? nullptr : stores_.verdicts.find(document_, source_);
    verdict_->setVisible(verdict != nullptr);
    if (verdict != nullptr) {
        const bool isPrediction = document_.kind == DocumentKind::prediction;
        verdict_->setText(conditionDifferenceBanner(verdict->request, verdict->result, isPrediction).title);
    }
}

void EmbeddingPane::pressed() {
    if (stores_.embeddings.points(embeddingKey()).isRunning()) {
        stores_.embeddings.cancel(embeddingKey());
    } else {
        stores_.embeddings.want(document_, embedding_, source_, true);
    }
}

} // namespace ember

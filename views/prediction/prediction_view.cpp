#include "views/prediction/prediction_view.hpp"

#include <algorithm>

#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "views/embedding/coloring_store.hpp"
#include "views/embedding/embedding_panes.hpp"
#include "views/embedding/embedding_store.hpp"
#include "views/embedding/legend_settings.hpp"
#include "views/embedding/pane_choices.hpp"
#include "views/embedding/prediction_banner.hpp"
#include "views/embedding/verdict_store.hpp"
#include "views/prediction/cell_statistics.hpp"
#include "views/prediction/output_proposal.hpp"
#include "views/prediction/six_panel_export.hpp"
#include "views/prediction/statistics_pane.hpp"
#include "views/selections.hpp"
#include "views/undo.hpp"
#include "widgets/elided_label.hpp"
#include "widgets/empty_state.hpp"

namespace ember {

namespace {

constexpr const char* viewName = "predictions";

const ViewRegistration registration{
    {viewName,
     QT_TRANSLATE_NOOP("ember::View", "Predictions"),
     "office-chart-bar",
     30,
     {DocumentKind::prediction, DocumentKind::dataset},
     [](Workspace& workspace, QWidget* parent) -> View* { return new PredictionView(workspace, parent); }}};

QString sourceText(const MatrixSource& source) {
    return QString::fromStdString(to_string(source));
}

/// With the colours that the user has chosen.
GroupColors withEdits(GroupColors colors, const QJsonObject& legends) {
    for (auto column = colors.begin(); column != colors.end(); ++column) {
        const QJsonObject legend = legends[legendKey({ColorChoice::Kind::column, column.key()})].toObject();
        const QJsonObject chosen = legend["colors"].toObject();
        for (auto entry = chosen.begin(); entry != chosen.end(); ++entry) {
            (*column)[entry.key()] = QColor(entry->toString());
        }
    }
    return colors;
}

} // namespace

PredictionView::PredictionView(Workspace& workspace, QWidget* parent)
    : View(parent),
      workspace_(workspace),
      embeddings_(new EmbeddingStore(workspace, this)),
      colorings_(new ColoringStore(workspace, this)),
      verdicts_(new VerdictStore(workspace, this)) {
    setObjectName("predictionView");
    build();
    connect(&workspace_, &Workspace::documentChanged, this, [this](DocumentRef document) {
        if (document == document_) {
            apply(settings_);
            fillChoices();
            compute();
        }
    });
    const auto later = [this](DocumentRef) {
        // A document that closes is still listed while it says so.
        QMetaObject::invokeMethod(this, &PredictionView::showPanes, Qt::QueuedConnection);
    };
    connect(&workspace_, &Workspace::documentAdded, this, later);
    connect(&workspace_, &Workspace::documentClosing, this, later);
    connect(&workspace_.selections(), &Selections::changed, this, [this](DocumentRef document) {
        if (document == document_) {
            showSelection();
        }
    });
    connect(verdicts_, &VerdictStore::ready, this, [this](DocumentRef document) {
        if (document == document_) {
            showBanners();
        }
    });
    connect(&workspace_, &Workspace::geneChosen, this, &PredictionView::colorByGene);
    connect(&workspace_, &Workspace::columnChosen, this, [this](DocumentRef of, const QString& column) {
        colorBy(of, {ColorChoice::Kind::column, column});
    });
    showDocument({});
}

PredictionView::~PredictionView() = default;

const StatisticsResult* PredictionView::result() const {
    return statistics_ ? &statistics_->result : nullptr;
}

void PredictionView::showDocument(DocumentRef document) {
    dropComputing();
    document_ = document;
    statistics_.reset();
    const DatasetDocument* shown = data();
    pages_->setCurrentIndex(shown == nullptr ? 0 : 1);
    if (shown == nullptr) {
        document_ = {};
        emit exportableChanged();
        return;
    }
    title_->setText(document.kind == DocumentKind::prediction
                        ? shown->name
                        : tr("%1: the data itself, not a prediction").arg(shown->name));
    choice_ = choiceOf(settings_);
    verdicts_->want(document_, choice_.source);
    showBanners();
    fillChoices();
    showPanes();
    compute();
}

StatisticsChoice PredictionView::choiceOf(const PredictionSettings& settings) const {
    StatisticsChoice choice;
    choice.source = mainSource(workspace_, document_);
    for (const MatrixSource& source : sourcesOf(*data()->data)) {
        if (settings.valuesOf == data()->path && sourceText(source) == settings.values) {
            choice.source = source;
        }
    }
    const QStringList columns = groupColumns(*data());
    const bool wanted = settings.grouped && (settings.group.isEmpty() || columns.contains(settings.group));
    choice.group = wanted ? settings.group : columns.value(0);
    choice.crossed =
        columns.contains(settings.crossed) && !choice.group.isEmpty() ? settings.crossed : QString();
    return choice;
}

void PredictionView::showBanners() {
    while (QLayoutItem* item = banners_->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    std::vector<BarMessage> messages;
    if (document_.kind == DocumentKind::prediction) {
        messages = bannersFor(*workspace_.prediction(document_.id));
    }
    if (const ConditionVerdict* verdict = verdicts_->find(document_, choice_.source)) {
        messages.push_back(conditionDifferenceBanner(verdict->request, verdict->result,
                                                     document_.kind == DocumentKind::prediction));
    }
    for (const BarMessage& message : messages) {
        auto* bar = new MessageBar(message);
        bar->setClosable(false);
        banners_->addWidget(bar);
    }
}

void PredictionView::showPanes() {
    if (data() != nullptr) {
        const std::size_t before = panes_->panes().size();
        panes_->show(document_, choice_.source, settings_);
        if (panes_->panes().size() != before) {
            share();
        }
    }
}

void PredictionView::share() {
    if (!splitByUser_) {
        const int left = settings_.panes.size() > 1 ? 64 : 55; // two pictures need more than one
        split_->setSizes({10 * left, 1000 - 10 * left});       // in proportion
    }
}

/// The pane's UMAP, when there is a finished one of these values, goes into the figure as it is seen.
void PredictionView::saveFigure() {
    if (data() == nullptr) {
        return;
    }
    SixPanelRequest request = document_.kind == DocumentKind::prediction
                                  ? sixPanelRequestFor(*workspace_.prediction(document_.id))
                                  : sixPanelRequestFor(*data(), choice_.source);
    request.source = choice_.source;
    const CellPoints& points = embeddings_->points(
        EmbeddingStore::keyOf(document_, {EmbeddingChoice::Kind::umap, {}}, choice_.source));
    if (points.state == CellPoints::State::done) {
        request.points = points.xy;
        request.pointsName = "UMAP";
        request.pointsNote = tr("UMAP of %1").arg(sourceText(choice_.source));
    }
    chooseAndSaveSixPanels(this, workspace_, data()->data, request);
}

void PredictionView::fillChoices() {
    const QSignalBlocker quietSource(source_), quietGroup(group_), quietCrossed(crossed_);
    source_->clear();
    for (const MatrixSource& source : sourcesOf(*data()->data)) {
        source_->addItem(sourceText(source), QVariant::fromValue(static_cast<int>(source.kind)));
        source_->setItemData(source_->count() - 1, QString::fromStdString(source.key), Qt::UserRole + 1);
    }
    source_->setCurrentIndex(source_->findText(sourceText(choice_.source)));
    group_->clear();
    crossed_->clear();
    group_->addItem(tr("All cells"), QString());
    crossed_->addItem(tr("nothing"), QString());
    for (const QString& column : groupColumns(*data())) {
        group_->addItem(column, column);
        crossed_->addItem(column, column);
    }
    group_->setCurrentIndex(group_->findData(choice_.group));
    crossed_->setCurrentIndex(crossed_->findData(choice_.crossed));
    crossed_->setEnabled(!choice_.group.isEmpty());
}

void PredictionView::choicesChanged() {
    StatisticsChoice choice;
    choice.source.kind = static_cast<MatrixSource::Kind>(source_->currentData().toInt());
    choice.source.key = source_->currentData(Qt::UserRole + 1).toString().toStdString();
    choice.group = group_->currentData().toString();
    choice.crossed = choice.group.isEmpty() ? QString() : crossed_->currentData().toString();
    setChoice(choice);
}

void PredictionView::setChoice(const StatisticsChoice& choice) {
    if (data() == nullptr || choice == choice_) {
        return;
    }
    edit(choice.source == choice_.source ? tr("Group by %1").arg(choice.group)
                                         : tr("Show the values of %1").arg(sourceText(choice.source)),
         [this, &choice](PredictionSettings& settings) {
             settings.grouped = true;
             settings.group = choice.group;
             settings.crossed = choice.crossed;
             const bool main = choice.source == mainSource(workspace_, document_);
             settings.values = main ? QString() : sourceText(choice.source);
             settings.valuesOf = main ? QString() : data()->path;
         });
}

void PredictionView::edit(const QString& text, const std::function<void(PredictionSettings&)>& change) {
    const QJsonObject before = settings();
    PredictionSettings next = settings_;
    change(next);
    apply(std::move(next));
    recordViewChange(workspace_, viewName, text, before, settings());
}

void PredictionView::apply(PredictionSettings next) {
    const bool recolored = next.legends != settings_.legends;
    settings_ = std::move(next);
    if (data() == nullptr) {
        return;
    }
    if (const StatisticsChoice wanted = choiceOf(settings_); wanted != choice_) {
        choice_ = wanted;
        verdicts_->want(document_, choice_.source);
        showBanners();
        fillChoices();
        compute();
    } else if (recolored && statistics_) {
        showStatistics();
    }
    showPanes();
}

/// A job that ends all the same must not deliver its result to another document.
void PredictionView::dropComputing() {
    if (computing_) {
        computing_->disconnect(this);
        computing_->cancel();
        computing_ = nullptr;
    }
}

void PredictionView::compute() {
    dropComputing();
    const StatisticsRequest request = statisticsRequest(*data(), choice_);
    export_->setEnabled(false);
    statistics_.reset();
    emit exportableChanged();
    waiting_->setTexts(tr("Computing the statistics"), tr("One pass over the matrix."), tr("Cancel"));
    body_->setCurrentWidget(waiting_);
    computing_ = runJob(
        workspace_, tr("Statistics of %1").arg(data()->name),
        [data = data()->data, request](JobContext& context) {
            return std::make_shared<const CellStatistics>(cell_statistics(*data, request, context));
        },
        this,
        [this, request](std::shared_ptr<const CellStatistics> statistics) {
            setResult(request, std::move(statistics));
        });
    connect(computing_, &Job::finished, this, [this, job = computing_.data()] {
        computing_ = nullptr;
        if (job->state() != JobState::done) {
            waiting_->setTexts(job->state() == JobState::failed ? tr("The statistics could not be computed")
                                                                : tr("Cancelled"),
                               job->error() ? job->error()->message : QString(), tr("Try again"));
        }
    });
}

void PredictionView::setResult(const StatisticsRequest& request,
                               std::shared_ptr<const CellStatistics> statistics) {
    request_ = request;
    statistics_ = std::move(statistics);
    colorings_->setMagnitudes(document_, request.source, statistics_->magnitude);
    showStatistics();
    body_->setCurrentWidget(pane_);
    export_->setEnabled(true);
    emit exportableChanged();
    emit computed();
}

void PredictionView::showStatistics() {
    const nlohmann::json provenance = {{"file", request_.adata.string()},
                                       {"matrix", to_string(request_.source)},
                                       {"by", choice_.group.toStdString()},
                                       {"crossed_with", choice_.crossed.toStdString()},
                                       {"threshold", request_.threshold}};
    pane_->show(statistics_->result, data()->schema, withEdits(statistics_->colors, settings_.legends),
                QString::fromStdString(provenance.dump()));
    showSelection();
}

void PredictionView::showSelection() {
    if (statistics_) {
        pane_->setSelected(summarise_selection(workspace_.selections().of(document_), statistics_->result,
                                               statistics_->bins));
    }
}

void PredictionView::selectGroups(int table, const std::vector<int>& groups) {
    if (!statistics_ || groups.empty()) {
        return;
    }
    const auto at = static_cast<std::size_t>(table);
    CellSelection region(statistics_->result.magnitude.size());
    QStringList names;
    for (const int group : groups) {
        region.combine(cells_of_group(statistics_->result, at, static_cast<std::size_t>(group)),
                       SelectionMode::add);
        names << QString::fromStdString(
            statistics_->result.tables[at].groups[static_cast<std::size_t>(group)].group);
    }
    const QString text =
        names.size() > 3 ? tr("Select %1 groups").arg(names.size()) : tr("Select %1").arg(names.join(", "));
    workspace_.selections().change(document_, region, SelectionMode::replace, text);
}

void PredictionView::exportData() {
    const QString proposed = QFileInfo(data()->path).absolutePath();
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Folder for the CSV files"), proposed);
    if (!folder.isEmpty()) {
        exportTo(folder);
    }
}

void PredictionView::exportTo(const QString& folder) {
    if (!statistics_) {
        return;
    }
    runJob(
        workspace_, tr("Export the statistics of %1").arg(data()->name),
        [request = request_, statistics = statistics_, folder](JobContext& context) {
            return write_statistics(request, statistics->result, folder.toStdString(), context);
        },
        &workspace_,
        [workspace = &workspace_, folder](const std::vector<std::filesystem::path>& files) {
            QStringList names;
            for (const auto& file : files) {
                names << QString::fromStdString(file.filename().string());
            }
            workspace->post({MessageKind::information,
                             tr("Exported"),
                             tr("%1 tables are in %2.").arg(names.size()).arg(folder),
                             {},
                             names.join('\n')});
        });
}

void PredictionView::colorByGene(DocumentRef document, const MatrixSource& source, const QString& gene) {
    const bool ofX = source.kind == MatrixSource::Kind::x && data() != nullptr && data()->data->has_x();
    colorBy(document, {ofX ? ColorChoice::Kind::gene : ColorChoice::Kind::predictedGene, gene});
}

void PredictionView::colorBy(DocumentRef document, const ColorChoice& color) {
    if (data() == nullptr ||
        (document != document_ && !workspace_.selections().sameCells(document, document_))) {
        return;
    }
    edit(tr("Colour by %1").arg(color.key), [&color](PredictionSettings& settings) {
        for (PaneSettings& pane : settings.panes) {
            pane.color = color;
        }
    });
}

QJsonObject PredictionView::settings() const {
    return settingsToJson(settings_);
}

void PredictionView::restore(const QJsonObject& settings) {
    apply(settingsFromJson(settings));
}

} // namespace ember

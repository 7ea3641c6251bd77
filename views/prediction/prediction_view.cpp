#include "views/prediction/prediction_view.hpp"

#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QJsonObject>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "views/prediction/output_proposal.hpp"
#include "views/prediction/prediction_banner.hpp"
#include "views/prediction/statistics_pane.hpp"
#include "widgets/empty_state.hpp"
#include "widgets/histogram_plot.hpp"
#include "widgets/icon.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

const ViewRegistration registration{
    {"predictions",
     QT_TRANSLATE_NOOP("ember::View", "Predictions"),
     "office-chart-bar",
     30,
     {DocumentKind::prediction, DocumentKind::dataset},
     [](Workspace& workspace, QWidget* parent) -> View* { return new PredictionView(workspace, parent); }}};

QString sourceText(const MatrixSource& source) {
    return QString::fromStdString(to_string(source));
}

QComboBox* makeChoice(const char* name, const QString& accessible, const QString& tip) {
    auto* box = new QComboBox;
    box->setObjectName(name);
    box->setAccessibleName(accessible);
    box->setToolTip(tip);
    box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    return box;
}

} // namespace

PredictionView::PredictionView(Workspace& workspace, QWidget* parent) : View(parent), workspace_(workspace) {
    setObjectName("predictionView");
    build();
    connect(&workspace_, &Workspace::documentChanged, this, [this](DocumentRef document) {
        if (document == document_) {
            fillChoices();
            compute();
        }
    });
    showDocument({});
}

void PredictionView::build() {
    empty_ = new EmptyState("office-chart-bar", tr("No prediction yet"),
                            tr("Statistics and magnitudes of a prediction stand here. Open data and a model, "
                               "then predict."),
                            tr("Predict…"));
    connect(empty_, &EmptyState::triggered, this, [this] { workspace_.askToPredict({}, {}); });
    title_ = new QLabel;
    title_->setFont(headingFont(font(), 1.2));
    title_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    banners_ = new QVBoxLayout;
    banners_->setSpacing(6);
    pane_ = new StatisticsPane;
    waiting_ = new EmptyState("clock", tr("Computing the statistics"), tr("One pass over the matrix."),
                              tr("Cancel"));
    waiting_->button()->setObjectName("cancelStatistics");
    connect(waiting_, &EmptyState::triggered, this, [this] {
        if (computing_) {
            computing_->cancel();
        } else {
            compute();
        }
    });
    body_ = new QStackedWidget;
    body_->addWidget(pane_);
    body_->addWidget(waiting_);

    content_ = new QWidget;
    auto* layout = new QVBoxLayout(content_);
    layout->setContentsMargins(12, 10, 12, 8);
    layout->setSpacing(8);
    layout->addWidget(title_);
    layout->addLayout(banners_);
    layout->addWidget(buildChoices());
    layout->addWidget(body_, 1);
    pages_ = new QStackedWidget;
    pages_->addWidget(empty_);
    pages_->addWidget(content_);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(pages_);

    connect(pane_->histogram(), &HistogramPlot::exported, this, [this](const QString& path) {
        workspace_.post(
            {MessageKind::information, tr("Saved"), tr("The figure is in %1.").arg(path), {}, {}});
    });
    connect(pane_->histogram(), &HistogramPlot::exportFailed, this,
            [this](const QString& message, const QString& place, const QString& remedy) {
                workspace_.post({MessageKind::error, "CannotWrite", message, remedy, place});
            });
}

QWidget* PredictionView::buildChoices() {
    source_ = makeChoice("statisticsSource", tr("Values"), tr("The matrix that is measured"));
    group_ = makeChoice("statisticsGroup", tr("Group by"), tr("Column that splits the cells"));
    crossed_ = makeChoice("statisticsCrossed", tr("Crossed with"), tr("Second column: one group per pair"));
    export_ = new QPushButton(icon("document-export"), tr("Export CSV…"));
    export_->setObjectName("exportStatistics");
    export_->setToolTip(tr("Write all tables as CSV into a folder (Ctrl+E)"));
    connect(export_, &QPushButton::clicked, this, &PredictionView::exportData);
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    const std::pair<QString, QComboBox*> choices[] = {
        {tr("Values"), source_}, {tr("by"), group_}, {QString::fromUtf8("×"), crossed_}};
    for (const auto& [text, box] : choices) {
        auto* label = new QLabel(text);
        label->setBuddy(box);
        layout->addWidget(label);
        layout->addWidget(box);
        connect(box, &QComboBox::currentIndexChanged, this, &PredictionView::choicesChanged);
    }
    layout->addStretch(1);
    layout->addWidget(export_);
    return row;
}

void PredictionView::showDocument(DocumentRef document) {
    dropComputing();
    document_ = document;
    result_.reset();
    const DatasetDocument* shown = data();
    pages_->setCurrentWidget(shown == nullptr ? static_cast<QWidget*>(empty_) : content_);
    if (shown == nullptr) {
        document_ = {};
        emit exportableChanged();
        return;
    }
    title_->setText(document.kind == DocumentKind::prediction
                        ? workspace_.prediction(document.id)->name
                        : tr("%1: the data itself, not a prediction").arg(shown->name));
    showBanners();
    choice_ = {};
    if (document.kind == DocumentKind::prediction) {
        choice_.source = workspace_.prediction(document.id)->source;
    } else if (const auto sources = sourcesOf(*shown->data); !sources.empty()) {
        choice_.source = sources.front();
    }
    const QStringList columns = groupColumns(*shown);
    choice_.group = columns.contains(rememberedGroup_) ? rememberedGroup_ : columns.value(0);
    fillChoices();
    compute();
}

void PredictionView::showBanners() {
    while (QLayoutItem* item = banners_->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    if (document_.kind != DocumentKind::prediction) {
        return;
    }
    for (const BarMessage& message : bannersFor(*workspace_.prediction(document_.id))) {
        auto* bar = new MessageBar(message);
        bar->setClosable(false);
        banners_->addWidget(bar);
    }
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
    choice.group = rememberedGroup_ = group_->currentData().toString();
    choice.crossed = choice.group.isEmpty() ? QString() : crossed_->currentData().toString();
    setChoice(choice);
}

void PredictionView::setChoice(const StatisticsChoice& choice) {
    if (data() == nullptr || choice == choice_) {
        return;
    }
    choice_ = choice;
    fillChoices();
    compute();
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
    result_.reset();
    emit exportableChanged();
    waiting_->setTexts(tr("Computing the statistics"), tr("One pass over the matrix."), tr("Cancel"));
    body_->setCurrentWidget(waiting_);
    computing_ = runJob(
        workspace_, tr("Statistics of %1").arg(data()->name),
        [data = data()->data, request](JobContext& context) {
            return compute_statistics(*data, request, context);
        },
        this, [this, request](StatisticsResult result) { setResult(request, std::move(result)); });
    connect(computing_, &Job::finished, this, [this, job = computing_.data()] {
        computing_ = nullptr;
        if (job->state() != JobState::done) {
            waiting_->setTexts(job->state() == JobState::failed ? tr("The statistics could not be computed")
                                                                : tr("Cancelled"),
                               job->error() ? job->error()->message : QString(), tr("Try again"));
        }
    });
}

void PredictionView::setResult(const StatisticsRequest& request, StatisticsResult result) {
    request_ = request;
    result_ = std::move(result);
    const nlohmann::json provenance = {{"file", request.adata.string()},
                                       {"matrix", to_string(request.source)},
                                       {"by", choice_.group.toStdString()},
                                       {"crossed_with", choice_.crossed.toStdString()},
                                       {"threshold", request.threshold}};
    pane_->show(*result_, QString::fromStdString(provenance.dump()));
    body_->setCurrentWidget(pane_);
    export_->setEnabled(true);
    emit exportableChanged();
    emit computed();
}

void PredictionView::exportData() {
    const QString proposed = QFileInfo(data()->path).absolutePath();
    const QString folder = QFileDialog::getExistingDirectory(this, tr("Folder for the CSV files"), proposed);
    if (!folder.isEmpty()) {
        exportTo(folder);
    }
}

void PredictionView::exportTo(const QString& folder) {
    if (!result_) {
        return;
    }
    runJob(
        workspace_, tr("Export the statistics of %1").arg(data()->name),
        [request = request_, result = *result_, folder](JobContext& context) {
            return write_statistics(request, result, folder.toStdString(), context);
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

QJsonObject PredictionView::settings() const {
    return rememberedGroup_.isEmpty() ? QJsonObject() : QJsonObject{{"group", rememberedGroup_}};
}

void PredictionView::restore(const QJsonObject& settings) {
    rememberedGroup_ = settings["group"].toString();
}

} // namespace ember

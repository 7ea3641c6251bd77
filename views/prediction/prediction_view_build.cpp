// The Predictions view's widgets.

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "views/embedding/embedding_panes.hpp"
#include "views/prediction/prediction_view.hpp"
#include "views/prediction/statistics_pane.hpp"
#include "widgets/bar_plot.hpp"
#include "widgets/elided_label.hpp"
#include "widgets/empty_state.hpp"
#include "widgets/histogram_plot.hpp"
#include "widgets/icon.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

QComboBox* makeChoice(const char* name, const QString& accessible, const QString& tip) {
    auto* box = new QComboBox;
    box->setObjectName(name);
    box->setAccessibleName(accessible);
    box->setToolTip(tip);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(6);
    box->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    return box;
}

} // namespace

/// Where an export went, or why not.
template<typename Plot>
void PredictionView::reportExports(Plot* plot) {
    connect(plot, &Plot::exported, this, [this](const QString& path) {
        workspace_.post({MessageKind::information, tr("Saved"), tr("It is in %1.").arg(path), {}, {}});
    });
    connect(plot, &Plot::exportFailed, this,
            [this](const QString& message, const QString& place, const QString& remedy) {
                workspace_.post({MessageKind::error, "CannotWrite", message, remedy, place});
            });
}

void PredictionView::build() {
    empty_ = new EmptyState("office-chart-bar", tr("No prediction yet"),
                            tr("Pictures and statistics of a prediction stand here. Open data and a model, "
                               "then predict."),
                            tr("Predict…"));
    connect(empty_, &EmptyState::triggered, this, [this] { workspace_.askToPredict({}, {}); });
    banners_ = new QVBoxLayout;
    banners_->setSpacing(6);
    panes_ = new EmbeddingPanes(workspace_, {*embeddings_, *colorings_, *verdicts_});
    split_ = new QSplitter(Qt::Horizontal);
    split_->setObjectName("predictionSplitter");
    split_->setChildrenCollapsible(false);
    split_->addWidget(panes_);
    split_->addWidget(buildStatistics());
    split_->setStretchFactor(0, 3);
    split_->setStretchFactor(1, 2);
    connect(split_, &QSplitter::splitterMoved, this, [this] { splitByUser_ = true; });
    share();

    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(12, 8, 12, 8);
    layout->setSpacing(6);
    layout->addWidget(buildHead());
    layout->addLayout(banners_);
    layout->addWidget(split_, 1);
    pages_ = new QStackedWidget;
    pages_->addWidget(empty_);
    pages_->addWidget(content);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(pages_);

    connect(panes_, &EmbeddingPanes::panesWanted, this,
            [this](const std::vector<PaneSettings>& panes, const QString& text) {
                edit(text, [&panes](PredictionSettings& settings) { settings.panes = panes; });
            });
    connect(panes_, &EmbeddingPanes::legendWanted, this,
            [this](const QString& key, const QJsonObject& legend, const QString& text) {
                edit(text, [&](PredictionSettings& settings) {
                    legend.isEmpty() ? settings.legends.remove(key)
                                     : static_cast<void>(settings.legends[key] = legend);
                });
            });
    connect(panes_, &EmbeddingPanes::plotMade, this, [this](PointCloudPlot* plot) { reportExports(plot); });
    connect(pane_, &StatisticsPane::groupsWanted, this, &PredictionView::selectGroups);
    reportExports(pane_->histogram());
    reportExports(pane_->means());
    reportExports(pane_->sparsity());
}

QWidget* PredictionView::buildHead() {
    title_ = new ElidedLabel;
    title_->setObjectName("predictionTitle");
    title_->setFont(headingFont(font(), 1.2));
    export_ = new QPushButton(icon("document-export"), tr("Export CSV…"));
    export_->setObjectName("exportStatistics");
    export_->setToolTip(tr("Write all tables as CSV into a folder (Ctrl+E)"));
    connect(export_, &QPushButton::clicked, this, &PredictionView::exportData);
    figure_ = new QPushButton(icon("document-save"), tr("Figure…"));
    figure_->setObjectName("saveSixPanels");
    figure_->setAccessibleName(tr("Save the six-panel figure"));
    figure_->setToolTip(
        tr("Save six panels on these values, with the verdict and the tables of what is drawn"));
    connect(figure_, &QPushButton::clicked, this, &PredictionView::saveFigure);
    source_ = makeChoice("statisticsSource", tr("Values"), tr("The matrix that is shown and measured"));
    source_->setMinimumContentsLength(10);
    source_->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    connect(source_, &QComboBox::currentIndexChanged, this, &PredictionView::choicesChanged);
    auto* values = new QLabel(tr("Values"));
    values->setBuddy(source_);
    auto* head = new QWidget;
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(title_, 1);
    row->addWidget(values);
    row->addWidget(source_);
    row->addWidget(figure_);
    row->addWidget(export_);
    return head;
}

QWidget* PredictionView::buildStatistics() {
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
    waiting_->setMinimumWidth(lengthInEms(this, 16)); // its sentences break
    body_ = new QStackedWidget;
    body_->addWidget(pane_);
    body_->addWidget(waiting_);
    auto* right = new QWidget;
    auto* column = new QVBoxLayout(right);
    column->setContentsMargins(4, 0, 0, 0);
    column->setSpacing(6);
    column->addWidget(buildChoices());
    column->addWidget(body_, 1);
    return right;
}

QWidget* PredictionView::buildChoices() {
    group_ = makeChoice("statisticsGroup", tr("Group by"), tr("Column that splits the cells"));
    crossed_ = makeChoice("statisticsCrossed", tr("Crossed with"), tr("Second column: one group per pair"));
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    const std::pair<QString, QComboBox*> choices[] = {{tr("By"), group_}, {QString::fromUtf8("×"), crossed_}};
    for (const auto& [text, box] : choices) {
        auto* label = new QLabel(text);
        label->setBuddy(box);
        layout->addWidget(label);
        layout->addWidget(box, 1);
        connect(box, &QComboBox::currentIndexChanged, this, &PredictionView::choicesChanged);
    }
    return row;
}

} // namespace ember

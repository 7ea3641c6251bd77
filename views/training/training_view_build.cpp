// The widgets of the Training view.

#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "views/training/live_map.hpp"
#include "views/training/run_list.hpp"
#include "views/training/run_pane.hpp"
#include "views/training/training_view.hpp"
#include "widgets/empty_state.hpp"
#include "widgets/icon.hpp"
#include "widgets/theme.hpp"
#include "widgets/time_curve_plot.hpp"

namespace ember {

QWidget* TrainingView::buildList() {
    model_ = new RunListModel(store_, this);
    list_ = new QListView;
    list_->setObjectName("runList");
    list_->setAccessibleName(tr("Runs"));
    list_->setModel(model_);
    list_->setItemDelegate(new RunDelegate(list_));
    list_->setMouseTracking(true);
    list_->setFrameShape(QFrame::NoFrame);
    list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(list_->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& index) {
                if (!restoring_ && index.isValid()) {
                    const QString path = model_->pathAt(index.row());
                    edit(tr("Show the run %1").arg(index.data().toString()),
                         [&](TrainingSettings& settings) { settings.run = path; });
                    showPane();
                }
            });
    connect(model_, &RunListModel::tickedChanged, this, [this] {
        edit(tr("Choose the runs to compare"),
             [this](TrainingSettings& settings) { settings.ticked = model_->ticked(); });
        if (!restoring_) {
            showPane();
        }
    });
    auto* start = new QPushButton(icon("list-add", IconColor::accentText), tr("New run…"));
    start->setObjectName("trainingNew");
    start->setAccessibleName(tr("New run"));
    start->setToolTip(tr("Choose data and options and train (Ctrl+T)"));
    setPrimary(start);
    connect(start, &QPushButton::clicked, this, [this] { newRun({}, {}); });
    auto* open = new QPushButton(icon("document-open-folder"), tr("Open a run…"));
    open->setObjectName("trainingOpen");
    open->setAccessibleName(tr("Open a run"));
    open->setToolTip(tr("Watch a run, or all runs below a folder, of any program or machine"));
    connect(open, &QPushButton::clicked, this, &TrainingView::openRun);
    count_ = new QLabel;
    count_->setObjectName("runCount");
    count_->setContentsMargins(10, 2, 10, 2);
    setRole(count_, "muted");
    auto* buttons = new QHBoxLayout;
    buttons->setContentsMargins(8, 0, 8, 0);
    buttons->addWidget(start, 1);
    buttons->addWidget(open, 1);
    auto* side = new QWidget;
    auto* column = new QVBoxLayout(side);
    column->setContentsMargins(0, 8, 0, 0);
    column->setSpacing(6);
    column->addLayout(buttons);
    column->addWidget(count_);
    column->addWidget(list_, 1);
    return side;
}

void TrainingView::build() {
    pane_ = new RunPane(workspace_, store_);
    connect(pane_, &RunPane::choiceEdited, this, [this] {
        edit(tr("Change the curves"), [this](TrainingSettings& settings) {
            settings.curves = pane_->choice();
            settings.tab = pane_->tab();
            settings.mapColor = pane_->map()->colorBy();
        });
    });
    connect(pane_, &RunPane::resumeWanted, this, &TrainingView::resume);
    connect(pane_, &RunPane::predictWanted, this, &TrainingView::predict);
    connect(pane_, &RunPane::pruneWanted, this, &TrainingView::prune);
    connect(pane_, &RunPane::plotMade, this, [this](TimeCurvePlot* plot) {
        connect(plot, &TimeCurvePlot::exported, this, [this](const QString& path) {
            workspace_.post({MessageKind::information, tr("Saved"), tr("It is in %1.").arg(path), {}, {}});
        });
        connect(plot, &TimeCurvePlot::exportFailed, this,
                [this](const QString& message, const QString& place, const QString& remedy) {
                    workspace_.post({MessageKind::error, "CannotWrite", message, remedy, place});
                });
    });
    empty_ =
        new EmptyState("run-build", tr("No runs yet"),
                       tr("Train a model on your cells, from scratch or from a pretrained one. Runs appear "
                          "here with their curves, also those of other programs and machines."),
                       tr("New run…"));
    empty_->button()->setObjectName("trainingFirst");
    connect(empty_, &EmptyState::triggered, this, [this] { newRun({}, {}); });
    details_ = new QStackedWidget;
    details_->addWidget(empty_);
    details_->addWidget(pane_);
    auto* split = new QSplitter(Qt::Horizontal);
    split->setObjectName("trainingSplitter");
    split->setChildrenCollapsible(false);
    split->addWidget(buildList());
    split->addWidget(details_);
    split->setStretchFactor(0, 0);
    split->setStretchFactor(1, 1);
    split->setSizes({lengthInEms(this, 15), lengthInEms(this, 60)});
    pages_ = new QStackedWidget;
    pages_->addWidget(split);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(pages_);
}

} // namespace ember

// The widgets of the run pane.

#include "views/training/run_pane.hpp"

#include <QDesktopServices>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSlider>
#include <QSplitter>
#include <QTabWidget>
#include <QToolButton>
#include <QTreeWidget>
#include <QUrl>
#include <QVBoxLayout>

#include "views/training/checkpoint_table.hpp"
#include "views/training/live_map.hpp"
#include "widgets/elided_label.hpp"
#include "widgets/flow_layout.hpp"
#include "widgets/theme.hpp"
#include "widgets/time_curve_plot.hpp"

namespace ember {

RunPane::RunPane(Workspace& workspace, RunStore& store, QWidget* parent)
    : QWidget(parent), workspace_(workspace), store_(store) {
    setObjectName("runPane");
    bars_ = new QVBoxLayout;
    bars_->setSpacing(6);
    split_ = new QSplitter(Qt::Vertical);
    split_->setObjectName("runSplitter");
    split_->setChildrenCollapsible(false);
    split_->setHandleWidth(10);
    split_->setStyleSheet("QSplitter::handle { background: transparent; }");
    split_->addWidget(buildCurves());
    split_->addWidget(buildDetails());
    split_->setStretchFactor(0, 1);
    split_->setStretchFactor(1, 1);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 8, 12, 8);
    column->setSpacing(6);
    column->addWidget(buildHead());
    column->addLayout(bars_);
    column->addWidget(split_, 1);
}

QWidget* RunPane::buildHead() {
    title_ = new ElidedLabel;
    title_->setObjectName("runTitle");
    title_->setFont(headingFont(font(), 1.2));
    stateIcon_ = new QLabel;
    state_ = new QLabel;
    state_->setObjectName("runState");
    progress_ = new ElidedLabel;
    progress_->setObjectName("runProgress");
    const auto button = [this](const char* name, const char* glyph, const QString& text, const QString& tip) {
        auto* made = new QPushButton(icon(glyph), text);
        made->setObjectName(name);
        made->setToolTip(tip);
        made->setAccessibleName(QString(text).remove(QChar(0x2026)));
        return made;
    };
    pause_ = button("runPause", "clock", tr("Pause"), tr("Waits after this step; keeps its memory"));
    proceed_ = button("runContinue", "media-playback-start", tr("Continue"), tr("Goes on after a pause"));
    stop_ = button("runStop", "media-playback-stop", tr("Stop"),
                   tr("Ends after this step and keeps a checkpoint; it can be resumed"));
    resume_ =
        button("runResume", "media-playback-start", tr("Resume"), tr("Goes on from the last checkpoint"));
    remove_ =
        button("runRemove", "list-remove", tr("Remove"), tr("Takes the run off this list; its files stay"));
    connect(pause_, &QPushButton::clicked, this, [this] { store_.ask(path(), RunCommand::pause); });
    connect(proceed_, &QPushButton::clicked, this, [this] { store_.ask(path(), RunCommand::proceed); });
    connect(stop_, &QPushButton::clicked, this, [this] { store_.ask(path(), RunCommand::stop); });
    connect(resume_, &QPushButton::clicked, this, [this] { emit resumeWanted(path(), false); });
    connect(remove_, &QPushButton::clicked, this, [this] { store_.remove(path()); });
    auto* words = new QHBoxLayout;
    words->setSpacing(6);
    words->addWidget(stateIcon_);
    words->addWidget(state_);
    words->addWidget(progress_, 1);
    auto* texts = new QVBoxLayout;
    texts->setSpacing(2);
    texts->addWidget(title_);
    texts->addLayout(words);
    auto* head = new QWidget;
    auto* row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(6);
    row->addLayout(texts, 1);
    for (QPushButton* each : {pause_, proceed_, stop_, resume_, remove_}) {
        row->addWidget(each, 0, Qt::AlignTop);
    }
    return head;
}

QWidget* RunPane::buildCurves() {
    logarithmic_ = new QToolButton;
    logarithmic_->setObjectName("curvesLogarithmic");
    logarithmic_->setText(tr("Log scale"));
    logarithmic_->setAccessibleName(tr("Logarithmic scale"));
    logarithmic_->setToolTip(tr("Losses and the gradient norm on a logarithmic scale"));
    logarithmic_->setCheckable(true);
    smoothing_ = new QSlider(Qt::Horizontal);
    smoothing_->setObjectName("curvesSmoothing");
    smoothing_->setAccessibleName(tr("Smoothing"));
    smoothing_->setToolTip(tr("Smooths the training curves; the pale line is what was measured"));
    smoothing_->setRange(0, 99);
    smoothing_->setMaximumWidth(lengthInEms(this, 9));
    auto* whole = new QToolButton;
    whole->setObjectName("curvesWhole");
    whole->setIcon(icon("zoom-fit-best"));
    whole->setAccessibleName(tr("Show all steps"));
    whole->setToolTip(tr("Show all steps"));
    connect(whole, &QToolButton::clicked, this, [this] {
        for (const auto& [key, plot] : plots_) {
            plot->setView({}, {});
        }
    });
    connect(logarithmic_, &QToolButton::toggled, this, [this](bool on) {
        choice_.logarithmic = on;
        showCurves();
        emit choiceEdited();
    });
    connect(smoothing_, &QSlider::valueChanged, this, [this](int value) {
        choice_.smoothing = value / 100.0;
        showCurves();
        emit choiceEdited();
    });
    auto* row = new QHBoxLayout;
    row->addWidget(logarithmic_);
    row->addWidget(whole);
    row->addSpacing(8);
    row->addWidget(new QLabel(tr("Smoothing")));
    row->addWidget(smoothing_);
    row->addStretch(1);
    panels_ = new QWidget;
    flow_ = new FlowLayout(panels_, 20);
    flow_->setContentsMargins(0, 0, 0, 0);
    flow_->setSpacing(8);
    auto* scroll = new QScrollArea;
    scroll->setObjectName("curvesScroll");
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(panels_);
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addLayout(row);
    column->addWidget(scroll, 1);
    const QSignalBlocker quiet(smoothing_);
    smoothing_->setValue(static_cast<int>(choice_.smoothing * 100));
    return page;
}

QWidget* RunPane::buildDetails() {
    facts_ = new QTreeWidget;
    facts_->setObjectName("runFacts");
    facts_->setAccessibleName(tr("Facts on the run"));
    facts_->setColumnCount(2);
    facts_->setHeaderHidden(true);
    facts_->setRootIsDecorated(false);
    facts_->setTextElideMode(Qt::ElideMiddle);
    facts_->setSelectionMode(QAbstractItemView::NoSelection);
    facts_->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    checkpoints_ = new CheckpointTable;
    map_ = new LiveMap(workspace_);
    connect(checkpoints_, &CheckpointTable::predictWanted, this,
            [this](const QString& checkpoint) { emit predictWanted(path(), checkpoint); });
    connect(checkpoints_, &CheckpointTable::pruneWanted, this, [this] { emit pruneWanted(path()); });
    connect(checkpoints_, &CheckpointTable::folderWanted, this,
            [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(path())); });
    connect(map_, &LiveMap::colorByChanged, this, &RunPane::choiceEdited);
    tabs_ = new QTabWidget;
    tabs_->setObjectName("runTabs");
    tabs_->setAccessibleName(tr("Details of the run"));
    tabs_->setMinimumHeight(lengthInEms(this, 8));
    tabs_->addTab(facts_, tr("Facts"));
    tabs_->addTab(checkpoints_, tr("Checkpoints"));
    tabs_->addTab(map_, tr("Map"));
    connect(tabs_, &QTabWidget::currentChanged, this, &RunPane::choiceEdited);
    return tabs_;
}

} // namespace ember

#include "views/training/run_pane.hpp"

#include <algorithm>

#include <QDesktopServices>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
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
#include "widgets/message_bar.hpp"
#include "widgets/theme.hpp"
#include "widgets/time_curve_plot.hpp"

namespace ember {

namespace {

constexpr std::size_t mostBars = 3;

} // namespace

QString RunPane::path() const {
    return run_ == nullptr ? QString() : runPath(*run_);
}

void RunPane::show(const RunSnapshotPtr& run, const std::vector<ShownRun>& shown) {
    run_ = run;
    shown_ = shown;
    showHead();
    showDiagnoses();
    showFacts();
    showCurves();
    checkpoints_->show(run_);
    map_->show(run_);
}

void RunPane::setChoice(const CurveChoice& choice) {
    choice_ = choice;
    const QSignalBlocker quiet(logarithmic_), still(smoothing_);
    logarithmic_->setChecked(choice.logarithmic);
    smoothing_->setValue(static_cast<int>(choice.smoothing * 100));
    showCurves();
}

int RunPane::tab() const {
    return tabs_->currentIndex();
}

void RunPane::setTab(int tab) {
    tabs_->setCurrentIndex(tab);
}

void RunPane::showHead() {
    if (run_ == nullptr) {
        return;
    }
    const RunCommand asked = store_.asked(path());
    const RunStateWords words = stateWords(*run_, asked);
    title_->setText(QString::fromStdString(run_->name));
    const int side = lengthInEms(this, 1);
    stateIcon_->setPixmap(icon(words.icon, words.color).pixmap(side, side));
    state_->setText(words.text);
    const QString best = bestWords(*run_);
    progress_->setText(best.isEmpty() ? progressWords(*run_)
                                      : progressWords(*run_) + QStringLiteral(", ") + best);
    const RunState state = run_->state();
    const bool active = run_->active() && asked != RunCommand::stop && state != RunState::stopping;
    const bool pausing = asked == RunCommand::pause;
    const bool paused = state == RunState::paused && asked != RunCommand::proceed;
    pause_->setVisible(run_->active() && !paused && !pausing);
    pause_->setEnabled(active && state != RunState::queued);
    proceed_->setVisible(run_->active() && (paused || pausing));
    proceed_->setEnabled(active);
    stop_->setVisible(run_->active());
    stop_->setEnabled(active);
    const bool canResume = run_->status && !run_->active() && run_->status->checkpoint_step >= 0 &&
                           (run_->max_steps() == 0 || run_->status->checkpoint_step < run_->max_steps());
    resume_->setVisible(canResume);
    resume_->setEnabled(!starting_);
    remove_->setVisible(!run_->active());
}

void RunPane::showDiagnoses() {
    std::vector<RunDiagnosis> found = run_ == nullptr ? std::vector<RunDiagnosis>() : diagnose(*run_);
    if (found.size() > mostBars) {
        found.resize(mostBars);
    }
    for (QPushButton* action : findChildren<QPushButton*>("messageActionButton")) {
        action->setEnabled(!starting_);
    }
    QString now = path();
    for (const RunDiagnosis& diagnosis : found) {
        now += diagnosis.symptom + diagnosis.cause + diagnosis.remedy + QChar('0' + diagnosis.lower_rate);
    }
    if (now == shownBars_) {
        return;
    }
    shownBars_ = now;
    while (QLayoutItem* item = bars_->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    for (const RunDiagnosis& diagnosis : found) {
        auto* bar = new MessageBar(
            {diagnosis.kind, diagnosis.symptom, diagnosis.cause, diagnosis.remedy, diagnosis.details});
        bar->setClosable(false);
        if (diagnosis.lower_rate) {
            bar->setAction(tr("Resume with a lower learning rate"));
        } else if (diagnosis.resume) {
            bar->setAction(tr("Resume"));
        }
        connect(bar, &MessageBar::actionTriggered, this,
                [this, lower = diagnosis.lower_rate] { emit resumeWanted(path(), lower); });
        if (auto* action = bar->findChild<QPushButton*>("messageActionButton")) {
            action->setEnabled(!starting_);
        }
        bars_->addWidget(bar);
    }
}

void RunPane::showFacts() {
    const std::vector<RunFact> facts = run_ == nullptr ? std::vector<RunFact>() : runFacts(*run_);
    while (facts_->topLevelItemCount() > static_cast<int>(facts.size())) {
        delete facts_->takeTopLevelItem(facts_->topLevelItemCount() - 1);
    }
    for (std::size_t i = 0; i < facts.size(); ++i) {
        QTreeWidgetItem* item = facts_->topLevelItem(static_cast<int>(i));
        if (item == nullptr) {
            item = new QTreeWidgetItem(facts_);
        }
        item->setText(0, facts[i].name);
        item->setText(1, facts[i].value);
        item->setToolTip(1, facts[i].value);
    }
}

TimeCurvePlot* RunPane::plotFor(const QString& key) {
    if (const auto made = plots_.find(key); made != plots_.end()) {
        return made->second;
    }
    auto* plot = new TimeCurvePlot;
    plot->setObjectName("curves-" + key);
    plot->setFigureName("training_" + key);
    plot->setMinimumHeight(lengthInEms(this, key == "loss" ? 15 : 11));
    connect(plot, &TimeCurvePlot::viewChanged, this,
            [this](std::optional<double> left, std::optional<double> right) {
                for (const auto& [other, each] : plots_) {
                    each->setView(left, right);
                }
            });
    connect(plot, &TimeCurvePlot::hovered, this, [this](std::optional<double> step) {
        for (const auto& [other, each] : plots_) {
            each->setHover(step);
        }
    });
    plots_[key] = plot;
    emit plotMade(plot);
    return plot;
}

void RunPane::showCurves() {
    std::vector<CurvePanel> panels = curvePanels(shown_, choice_);
    QStringList order;
    for (const CurvePanel& panel : panels) {
        order << panel.key;
    }
    if (order != order_) { // another set of panels: laid out anew
        for (const auto& [key, plot] : plots_) {
            flow_->removeWidget(plot);
            plot->setVisible(false);
        }
        for (const QString& key : order) {
            TimeCurvePlot* plot = plotFor(key);
            flow_->addWidget(plot);
            plot->setVisible(true);
        }
        order_ = order;
    }
    for (CurvePanel& panel : panels) {
        plotFor(panel.key)->setData(std::move(panel.data));
    }
}

std::vector<TimeCurvePlot*> RunPane::plots() const {
    std::vector<TimeCurvePlot*> plots;
    for (const QString& key : order_) {
        plots.push_back(plots_.at(key));
    }
    return plots;
}

void RunPane::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    // Beside the curves where there is room, else below them.
    const Qt::Orientation wanted = width() > lengthInEms(this, 44) ? Qt::Horizontal : Qt::Vertical;
    if (split_->orientation() != wanted || !divided_) {
        divided_ = true;
        split_->setOrientation(wanted);
        split_->setSizes(wanted == Qt::Horizontal ? QList<int>{width() * 3 / 5, width() * 2 / 5}
                                                  : QList<int>{height() * 3 / 5, height() * 2 / 5});
    }
}

} // namespace ember

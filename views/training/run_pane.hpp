#pragma once
// One run in full, and the curves of all that are ticked.

#include <map>

#include <QWidget>

#include "views/training/curve_panels.hpp"
#include "views/training/run_store.hpp"
#include "views/training/run_words.hpp"

class QLabel;
class QPushButton;
class QScrollArea;
class QSlider;
class QSplitter;
class QTabWidget;
class QToolButton;
class QTreeWidget;
class QVBoxLayout;

namespace ember {

class CheckpointTable;
class ElidedLabel;
class FlowLayout;
class LiveMap;
class TimeCurvePlot;

class RunPane : public QWidget {
    Q_OBJECT
public:
    RunPane(Workspace& workspace, RunStore& store, QWidget* parent = nullptr);

    /// `run` is the one whose details are shown, `shown` those whose curves are.
    void show(const RunSnapshotPtr& run, const std::vector<ShownRun>& shown);
    /// A process for this run is on its way: it cannot be resumed now. Shown by the next show().
    void setStarting(bool starting) { starting_ = starting; }
    const CurveChoice& choice() const { return choice_; }
    void setChoice(const CurveChoice& choice); ///< emits nothing
    int tab() const;
    void setTab(int tab);
    LiveMap* map() const { return map_; }
    std::vector<TimeCurvePlot*> plots() const; ///< those in sight, in their order

signals:
    void choiceEdited();
    void resumeWanted(const QString& run, bool lowerRate);
    void predictWanted(const QString& run, const QString& checkpoint);
    void pruneWanted(const QString& run);
    void plotMade(ember::TimeCurvePlot* plot);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* buildHead();
    QWidget* buildCurves();
    QWidget* buildDetails();
    void showHead();
    void showDiagnoses();
    void showFacts();
    void showCurves();
    TimeCurvePlot* plotFor(const QString& key);
    QString path() const;

    Workspace& workspace_;
    RunStore& store_;
    RunSnapshotPtr run_;
    std::vector<ShownRun> shown_;
    CurveChoice choice_;
    ElidedLabel *title_ = nullptr, *progress_ = nullptr;
    QLabel *stateIcon_ = nullptr, *state_ = nullptr;
    QPushButton *pause_ = nullptr, *proceed_ = nullptr, *stop_ = nullptr, *resume_ = nullptr,
                *remove_ = nullptr;
    QVBoxLayout* bars_ = nullptr;
    QString shownBars_; ///< what the bars say, to leave them alone while it stays
    QToolButton* logarithmic_ = nullptr;
    QSlider* smoothing_ = nullptr;
    QSplitter* split_ = nullptr;
    bool starting_ = false;
    bool divided_ = false; ///< the splitter has got its first sizes
    QWidget* panels_ = nullptr;
    FlowLayout* flow_ = nullptr;
    std::map<QString, TimeCurvePlot*> plots_;
    QStringList order_;
    QTabWidget* tabs_ = nullptr;
    QTreeWidget* facts_ = nullptr;
    CheckpointTable* checkpoints_ = nullptr;
    LiveMap* map_ = nullptr;
};

} // namespace ember

#pragma once
// Which genes the models get wrong: genes by condition as a map, and predicted against real as points. A
// click on a gene colours all views by it.

#include <memory>

#include <QWidget>

#include "views/compare/compare_edit.hpp"
#include "views/compare/compare_set.hpp"
#include "views/compare/difference_data.hpp"
#include "views/compare/job_cache.hpp"

class QComboBox;
class QStackedWidget;

namespace ember {

class ElidedLabel;
class EmptyState;
class HeatMap;
class ScatterPlot;

/// What is read once from all files.
struct FilesMeans {
    std::vector<std::shared_ptr<const GroupMeans>> means; ///< [files]
    std::vector<std::string> genes;
};

class DifferencesPage : public QWidget {
    Q_OBJECT
public:
    DifferencesPage(Workspace& workspace, CompareEdit edit, QWidget* parent = nullptr);
    ~DifferencesPage() override;

    using QWidget::show;
    /// Computes only while the page is in front.
    void show(const CompareSet& set, const CompareSettings& settings, bool inFront);
    HeatMap* map() const { return map_; }
    ScatterPlot* scatter() const { return scatter_; }

private:
    void build();
    QWidget* buildChoices();
    void want(bool again);
    void refresh();
    void showPictures(const DifferencePictures& pictures);
    void showWaiting();
    void chooseGene(const QString& gene);
    void pressed();
    std::vector<int> documents() const;
    QString meansKey() const;
    QString picturesKey() const;

    Workspace& workspace_;
    CompareEdit edit_;
    CompareSet set_;
    CompareSettings settings_;
    bool inFront_ = false;
    std::vector<ComparedFile> files_;
    QString shown_; ///< key of the pictures in the plots
    std::unique_ptr<JobCache<FilesMeans>> means_;
    std::unique_ptr<JobCache<DifferencePictures>> pictures_;
    QStackedWidget *pages_ = nullptr, *right_ = nullptr;
    EmptyState* waiting_ = nullptr;
    QComboBox *values_ = nullptr, *perturbations_ = nullptr, *cellTypes_ = nullptr, *times_ = nullptr,
              *models_ = nullptr;
    HeatMap* map_ = nullptr;
    ScatterPlot* scatter_ = nullptr;
    EmptyState* noScatter_ = nullptr;
};

} // namespace ember

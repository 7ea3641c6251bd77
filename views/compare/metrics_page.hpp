#pragma once
// Metrics of all models beside baselines: a table, and the chosen metric per cell type.

#include <memory>

#include <QWidget>

#include "views/compare/compare_edit.hpp"
#include "views/compare/compare_set.hpp"
#include "views/compare/job_cache.hpp"
#include "views/compare/metric_table.hpp"

class QComboBox;
class QLabel;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QTableView;

namespace ember {

class CurvePlot;
class ElidedLabel;
class EmptyState;
class MetricTableModel;

class MetricsPage : public QWidget {
    Q_OBJECT
public:
    MetricsPage(Workspace& workspace, CompareEdit edit, QWidget* parent = nullptr);
    ~MetricsPage() override;

    using QWidget::show;
    /// Computes only while the page is in front.
    void show(const CompareSet& set, const CompareSettings& settings, bool inFront);
    /// Below the plot: which cell types are blind spots.
    void setRemark(const QString& remark);
    MetricTable table() const;
    CurvePlot* curves() const { return curves_; }
    bool canExport() const;
    QString csv() const; ///< of the table as shown

signals:
    void exportableChanged();
    void exportWanted();

private:
    void build();
    QWidget* buildChoices();
    void compute(bool again);
    void refresh();
    void fillScopes(const std::vector<EvaluatedModel>& models);
    std::vector<EvaluatedModel> evaluated() const;
    void showState(const std::vector<EvaluatedModel>& models);
    void pressed();

    Workspace& workspace_;
    CompareEdit edit_;
    CompareSet set_;
    CompareSettings settings_;
    QString remark_;
    std::unique_ptr<JobCache<EvaluationResult>> results_;
    QStackedWidget* pages_ = nullptr;
    EmptyState* waiting_ = nullptr;
    QComboBox *perturbations_ = nullptr, *cellTypes_ = nullptr;
    QPushButton *export_ = nullptr, *action_ = nullptr;
    QTableView* view_ = nullptr;
    MetricTableModel* model_ = nullptr;
    CurvePlot* curves_ = nullptr;
    ElidedLabel* note_ = nullptr;
};

} // namespace ember

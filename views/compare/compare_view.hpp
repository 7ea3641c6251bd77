#pragma once
// The Compare view: two to four predictions beside the real cells, on pages: maps, metrics, differences.

#include <functional>
#include <memory>

#include <QPointer>

#include "views/compare/compare_set.hpp"
#include "views/compare/compare_settings.hpp"
#include "views/compare/job_cache.hpp"
#include "views/view.hpp"

class QMenu;
class QPushButton;
class QStackedWidget;
class QTabBar;
class QToolButton;
class QVBoxLayout;

namespace ember {

struct CompareResult;
class ElidedLabel;
class EmptyState;
class DifferencesPage;
class MapsPage;
class MetricsPage;
class VerdictLines;

class CompareView : public View {
    Q_OBJECT
public:
    explicit CompareView(Workspace& workspace, QWidget* parent = nullptr);
    ~CompareView() override;

    DocumentRef document() const override { return document_; }
    void showDocument(DocumentRef document) override;
    QJsonObject settings() const override;
    void restore(const QJsonObject& settings) override;

    bool canExport() const override; ///< the metrics, while they are in front
    void exportData() override;

    const CompareSet& compared() const { return set_; }
    MapsPage* maps() const { return maps_; }
    MetricsPage* metrics() const { return metrics_; }
    DifferencesPage* differences() const { return differences_; }
    VerdictLines* verdicts() const { return verdicts_; }

private:
    void build();
    QWidget* buildHead();
    void edit(const QString& text, const std::function<void(CompareSettings&)>& change);
    void refresh(); ///< what is compared, from the open documents and the settings
    void showEmpty();
    void fillMenu();
    void choosePrediction(const QString& path, bool on);
    void showProblems();
    void wantVerdicts();
    void showVerdicts();
    void colorByGene(DocumentRef document, const MatrixSource& source, const QString& gene);
    void askForReal();
    template<typename Plot>
    void reportExports(Plot* plot);

    Workspace& workspace_;
    DocumentRef document_;
    CompareSettings settings_;
    CompareSet set_;
    QStackedWidget *states_ = nullptr, *pages_ = nullptr;
    EmptyState* empty_ = nullptr;
    ElidedLabel* title_ = nullptr;
    QToolButton* choose_ = nullptr;
    QMenu* menu_ = nullptr;
    QVBoxLayout* bars_ = nullptr;
    QTabBar* tabs_ = nullptr;
    VerdictLines* verdicts_ = nullptr;
    MapsPage* maps_ = nullptr;
    MetricsPage* metrics_ = nullptr;
    DifferencesPage* differences_ = nullptr;
    std::unique_ptr<JobCache<CompareResult>> results_; ///< verdicts and changes
};

} // namespace ember

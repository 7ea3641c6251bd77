#pragma once
// The condition table: which genes the perturbation changes in each cell type on each day, and whether the
// predictions say so too.

#include "views/genes/genes_page.hpp"
#include "views/genes/response_choice.hpp"
#include "views/genes/result_cache.hpp"

class QStackedWidget;
class QTabWidget;

namespace ember {

class ChecksButton;
class DistributionPane;
class DotPlot;
class ElidedLabel;
class EmptyState;
class GeneTable;
class HeatMap;
class ScatterPlot;

class ResponsePage : public GenesPage {
    Q_OBJECT
public:
    explicit ResponsePage(Workspace& workspace, QWidget* parent = nullptr);

    void show(DocumentRef document, const GeneContextPtr& context, const GenesSettings& settings) override;
    bool canExport() const override { return outcome_ != nullptr; }
    void exportData() override;

    const ResponseOutcome* outcome() const { return outcome_.get(); } ///< null: none for these choices
    GeneTable* strata() const { return strata_; }
    GeneTable* genes() const { return genes_; }
    void run(); ///< the comparison of the present choices

private:
    QWidget* buildForm();
    QWidget* buildResult();
    QWidget* buildPlots();
    void fillForm();
    void setFormEnabled(bool enabled);
    void choose(QComboBox* box, const QString& text, QString ResponseSettings::*member);
    void refresh();
    void showWaiting(const QString& problem);
    void showOutcome(std::shared_ptr<const ResponseOutcome> outcome);
    void showStratum();
    void chooseStratum(int stratum);
    void choose(std::size_t gene); ///< by the user, anywhere
    void chooseNamed(const QString& gene);
    void mark();
    int stratumIndex() const;

    ResultCache<ResponseOutcome> results_{4};
    DocumentRef observed_, document_;
    GeneContextPtr context_;
    ResponseSettings settings_; ///< resolved
    ConditionResponseRequest request_;
    std::vector<PredictedCells> predictions_;
    std::shared_ptr<const ResponseOutcome> outcome_;
    QString key_, shownOutcome_, shownStratum_;

    QComboBox *group_ = nullptr, *reference_ = nullptr, *values_ = nullptr, *unit_ = nullptr;
    QLabel* column_ = nullptr;
    ChecksButton *strataColumns_ = nullptr, *predicted_ = nullptr;
    QPushButton *run_ = nullptr, *export_ = nullptr;
    QStackedWidget* body_ = nullptr;
    EmptyState* waiting_ = nullptr;
    GeneTable *strata_ = nullptr, *genes_ = nullptr;
    ElidedLabel* head_ = nullptr;
    QTabWidget* plots_ = nullptr;
    ScatterPlot* scatter_ = nullptr;
    DotPlot* dots_ = nullptr;
    HeatMap* map_ = nullptr;
    DistributionPane* distribution_ = nullptr;
};

} // namespace ember

#pragma once
// Which genes differ between groups: the form, the table of genes beside their plots, one comparison at a
// time.

#include "views/genes/differential_choice.hpp"
#include "views/genes/genes_page.hpp"
#include "views/genes/result_cache.hpp"

class QSplitter;
class QStackedWidget;
class QTabWidget;

namespace ember {

class DifferentialForm;
class DistributionPane;
class DotPlot;
class ElidedLabel;
class EmptyState;
class GeneTable;
class ScatterPlot;

using DifferentialCache = ResultCache<DifferentialOutcome>;

class DifferentialPage : public GenesPage {
    Q_OBJECT
public:
    DifferentialPage(Workspace& workspace, DifferentialCache& results, QWidget* parent = nullptr);

    void show(DocumentRef document, const GeneContextPtr& context, const GenesSettings& settings) override;
    bool canExport() const override { return outcome_ != nullptr; }
    void exportData() override;

    const DifferentialOutcome* outcome() const { return outcome_.get(); } ///< null: none for these choices
    GeneTable* table() const { return table_; }

signals:
    void runWanted(); ///< the comparison of the present choices
    void cancelWanted();

private:
    QWidget* buildResult();
    QWidget* buildPlots();
    void showState(const QString& key);
    void showOutcome(std::shared_ptr<const DifferentialOutcome> outcome);
    void showTable();
    void choose(int gene); ///< by the user, anywhere
    void mark();           ///< the chosen gene in table and plots

    DifferentialCache& results_;
    DocumentRef document_;
    GeneContextPtr context_;
    DifferentialSettings settings_; ///< resolved
    std::shared_ptr<const DifferentialOutcome> outcome_;
    QString shownTable_; ///< what table and plots show: key, thresholds
    DifferentialForm* form_;
    QStackedWidget* body_;
    EmptyState* waiting_;
    QComboBox* which_ = nullptr;
    ElidedLabel* head_ = nullptr;
    GeneTable* table_ = nullptr;
    QTabWidget* plots_ = nullptr;
    ScatterPlot *volcano_ = nullptr, *means_ = nullptr;
    DotPlot* dots_ = nullptr;
    DistributionPane* distribution_ = nullptr;
};

/// "Which genes differ?" and the like, in place of a result.
void showCacheState(EmptyState* state, DifferentialCache::State now, const QString& problem,
                    const QString& question, const QString& sentence, const QString& button);

} // namespace ember

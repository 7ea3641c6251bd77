#pragma once
// Pathways of the genes that differ: sets, their genes, and where they lie in the volcano.

#include "views/genes/differential_page.hpp"
#include "views/genes/pathway_choice.hpp"

class QLabel;

namespace ember {

class PathwayPage : public GenesPage {
    Q_OBJECT
public:
    PathwayPage(Workspace& workspace, DifferentialCache& comparisons, QWidget* parent = nullptr);

    void show(DocumentRef document, const GeneContextPtr& context, const GenesSettings& settings) override;
    bool canExport() const override { return outcome_ != nullptr; }
    void exportData() override;

    const PathwayOutcome* outcome() const { return outcome_.get(); } ///< null: none for these choices
    GeneTable* sets() const { return sets_; }
    GeneTable* members() const { return members_; }
    void useGmt(const QString& path);

signals:
    void runWanted(); ///< the comparison that the pathways are of
    void cancelWanted();

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    QWidget* buildForm();
    QWidget* buildResult();
    void openGmt();
    void showComparison(const QString& key);
    void refresh();
    void start();
    void showOutcome(std::shared_ptr<const PathwayOutcome> outcome);
    void showSet();
    void chooseMember(int row);
    QStringList setNames() const;

    DifferentialCache& comparisons_;
    ResultCache<PathwayOutcome> results_{12};
    DocumentRef document_;
    DifferentialSettings differential_; ///< resolved
    PathwaySettings settings_;
    std::shared_ptr<const DifferentialOutcome> comparison_;
    std::shared_ptr<const PathwayOutcome> outcome_;
    std::vector<int> shownMembers_; ///< genes of the comparison, as listed
    QString comparisonKey_, key_, shown_, shownSet_;
    QStringList files_; ///< GMT files that were opened here

    QComboBox *collection_ = nullptr, *method_ = nullptr, *which_ = nullptr;
    QPushButton *open_ = nullptr, *export_ = nullptr;
    QLabel* notes_ = nullptr;
    QStackedWidget* body_ = nullptr;
    EmptyState* waiting_ = nullptr;
    GeneTable *sets_ = nullptr, *members_ = nullptr;
    QTabWidget* plots_ = nullptr;
    ScatterPlot* volcano_ = nullptr;
    DotPlot* dots_ = nullptr;
};

} // namespace ember

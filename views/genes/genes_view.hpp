#pragma once
// The Genes view: which genes differ, what a perturbation changes beside what models say, which pathways.

#include <functional>

#include <QPointer>

#include "views/genes/differential_page.hpp"
#include "views/view.hpp"

class QStackedWidget;
class QTabWidget;

namespace ember {

class EmptyState;
class PathwayPage;
class ResponsePage;

class GenesView : public View {
    Q_OBJECT
public:
    explicit GenesView(Workspace& workspace, QWidget* parent = nullptr);
    ~GenesView() override;

    DocumentRef document() const override { return document_; }
    void showDocument(DocumentRef document) override;
    QJsonObject settings() const override;
    void restore(const QJsonObject& settings) override;
    bool canExport() const override;
    void exportData() override;

    /// Each page is made when it is first shown; null before.
    DifferentialPage* differential() const { return differential_; }
    ResponsePage* response() const { return response_; }
    PathwayPage* pathways() const { return pathways_; }
    void runDifferential(); ///< the comparison of the present choices

private:
    void build();
    GenesPage* page();             ///< the one in front, made when it is first wanted
    const GenesPage* page() const; ///< null: not made yet
    GenesPage* makePage(int index);
    void edit(const QString& text, const GenesPage::Change& change);
    void readContext();
    void refresh();
    GenesSettings shown() const; ///< the settings with defaults for this document
    void cancelDifferential();
    const DatasetDocument* data() const { return workspace_.dataOf(document_); }

    Workspace& workspace_;
    DocumentRef document_;
    GenesSettings settings_;
    GeneContextPtr context_;
    QPointer<Job> reading_;
    DifferentialCache comparisons_;
    QStackedWidget* body_ = nullptr;
    EmptyState *empty_ = nullptr, *waiting_ = nullptr;
    QTabWidget* tabs_ = nullptr;
    DifferentialPage* differential_ = nullptr;
    ResponsePage* response_ = nullptr;
    PathwayPage* pathways_ = nullptr;
};

} // namespace ember

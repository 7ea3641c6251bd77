#pragma once
// The Model view: what a run directory or checkpoint is, what it knows, what is unusual about it.

#include "views/view.hpp"

class QLabel;
class QPushButton;
class QStackedWidget;
class QTabWidget;
class QTreeWidget;
class QVBoxLayout;

namespace ember {

class ElidedLabel;
class EmptyState;
class FitPanel;
class VocabularyList;

class ModelView : public View {
    Q_OBJECT
public:
    explicit ModelView(Workspace& workspace, QWidget* parent = nullptr);

    DocumentRef document() const override { return document_; }
    void showDocument(DocumentRef document) override;

private:
    QWidget* buildContent();
    void showUnusual(const ModelDocument& model);
    void showFit();

    Workspace& workspace_;
    DocumentRef document_;
    QStackedWidget* pages_ = nullptr;
    EmptyState* empty_ = nullptr;
    QWidget* content_ = nullptr;
    QLabel *title_ = nullptr, *summary_ = nullptr;
    ElidedLabel* path_ = nullptr;
    QVBoxLayout* unusual_ = nullptr;
    QPushButton* predict_ = nullptr;
    QTreeWidget* report_ = nullptr;
    VocabularyList* vocabulary_ = nullptr;
    QTabWidget* tabs_ = nullptr;
    FitPanel* fit_ = nullptr;
};

} // namespace ember

#pragma once
// The Dataset view: what is in a file, what its columns mean, and its cells.

#include "views/view.hpp"

class QStackedWidget;
class QTabWidget;

namespace ember {

class CellTable;
class DatasetHeader;
class DatasetLoader;
class EmptyState;
class OverviewPage;

/// Registered as "dataset". Nothing is read from the file in the GUI thread.
class DatasetView : public View {
    Q_OBJECT
public:
    explicit DatasetView(Workspace& workspace, QWidget* parent = nullptr);
    ~DatasetView() override;

    DocumentRef document() const override { return document_; }
    void showDocument(DocumentRef document) override;
    QJsonObject settings() const override;
    void restore(const QJsonObject& settings) override;

private:
    void showNothing();
    void load(const DatasetDocument& document);
    void openFile();

    Workspace& workspace_;
    DocumentRef document_;
    DatasetLoader* loader_ = nullptr;
    QStackedWidget* pages_;
    EmptyState* empty_;
    DatasetHeader* header_;
    QTabWidget* tabs_;
    OverviewPage* overview_;
    CellTable* cells_;
};

} // namespace ember

#pragma once
// What is in the file: problems, matrices, columns with their pictures, further members; and the schema form.

#include <vector>

#include <QWidget>

#include "views/dataset/column_summary.hpp"
#include "views/dataset/file_overview.hpp"
#include "views/document.hpp"

class QLabel;
class QPushButton;
class QTimer;
class QVBoxLayout;

namespace ember {

class ColumnCard;
class MatrixTable;
class SchemaForm;

class OverviewPage : public QWidget {
    Q_OBJECT
public:
    explicit OverviewPage(QWidget* parent = nullptr);
    void setDocument(const DatasetDocument& document);
    void setSchema(const Schema& schema);
    void setOverview(const FileOverview& overview);
    void setColumn(int column, const ColumnSummary& summary);
    void setInterrupted(); ///< what has not arrived will not come

signals:
    void schemaChosen(const ember::Schema& schema);

private:
    QLabel* addHeading(const QString& text);
    void showMoreCards();
    void addCards();
    void showProblems(const std::vector<DataProblem>& problems);

    QVBoxLayout* sections_;
    QWidget *problems_, *columns_;
    QLabel *columnsHeading_, *uns_, *unsHeading_, *genes_, *genesHeading_;
    QPushButton* more_;
    QTimer* cardTimer_;
    MatrixTable* matrices_;
    SchemaForm* schema_;
    std::vector<ColumnSummary> summaries_; ///< of all columns, in the file's order
    std::vector<bool> arrived_;
    bool overviewRead_ = false, interrupted_ = false;
    std::size_t wantedCards_ = 0;
    std::vector<ColumnCard*> cards_; ///< of the first columns: a file may have thousands
};

} // namespace ember

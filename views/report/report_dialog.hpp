#pragma once
// Asks which predictions a report compares with which real cells, and where it goes.

#include <QDialog>

#include "core/evaluation/compare.hpp"
#include "views/workspace.hpp"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace ember {

/// Predictions that are open are offered, up to four of the shown data set ticked. Object names:
/// "reportDialog", inside "reportReal", "reportPredictions", "reportHtml", "reportPdf", "reportPath",
/// "reportBrowse", "reportWrite", "reportCancel", "reportHint".
class ReportDialog : public QDialog {
    Q_OBJECT
public:
    ReportDialog(const Workspace& workspace, QWidget* parent = nullptr);

    std::vector<int> predictions() const; ///< ids of those ticked
    int real() const;                     ///< id of a data set; 0: none
    QStringList paths() const;            ///< .html, .pdf or both

private:
    void build();
    void fill();
    void tickThoseOfReal();
    void check();
    void browse();

    const Workspace& workspace_;
    QComboBox* real_ = nullptr;
    QListWidget* predictions_ = nullptr;
    QCheckBox *html_ = nullptr, *pdf_ = nullptr;
    QLineEdit* path_ = nullptr;
    QLabel* hint_ = nullptr;
    QPushButton* write_ = nullptr;
};

} // namespace ember

#pragma once
// "Fit to data": what a model knows of an open data set, as a list of findings.

#include <optional>

#include <QPointer>
#include <QWidget>

#include "core/genes/doctor.hpp"
#include "views/workspace.hpp"

class QComboBox;
class QLabel;
class QPushButton;
class QStackedWidget;

namespace ember {

class EmptyState;

/// Object names: "fitDataset", "fitVerdict", "fitCaption", "fitCopy", "fitFindings".
class FitPanel : public QWidget {
    Q_OBJECT
public:
    explicit FitPanel(Workspace& workspace, QWidget* parent = nullptr);

    /// The model to compare, or {}; only run directories say what they know.
    void setModel(DocumentRef model);
    const std::optional<FitReport>& report() const { return report_; }
    QString plainText() const; ///< what Copy takes

signals:
    void reportChanged(); ///< another report, or none

private:
    QWidget* buildContent();
    void listDatasets();
    void compare();
    void show(FitReport report);
    void clear(const QString& verdict);
    void retint();

    Workspace& workspace_;
    DocumentRef model_;
    int shownModel_ = 0, shownDataset_ = 0; ///< of the report, or of the job under way
    std::optional<FitReport> report_;
    QPointer<Job> job_;
    QStackedWidget* pages_ = nullptr;
    EmptyState* empty_ = nullptr;
    QWidget *content_ = nullptr, *findings_ = nullptr;
    QComboBox* datasets_ = nullptr;
    QLabel *icon_ = nullptr, *verdict_ = nullptr, *caption_ = nullptr;
    QPushButton* copy_ = nullptr;
};

} // namespace ember

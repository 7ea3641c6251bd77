#pragma once
// Two lines that read as a sentence: compare which cells with which, and how.

#include <QWidget>

#include "views/genes/genes_page.hpp"

class QDoubleSpinBox;

namespace ember {

class ChecksButton;
class ElidedLabel;

class DifferentialForm : public QWidget {
    Q_OBJECT
public:
    explicit DifferentialForm(QWidget* parent = nullptr);

    /// `settings` are resolved.
    void show(const GeneContext& context, const DifferentialSettings& settings);
    void setRunning(bool running);
    QPushButton* exportButton() const { return export_; }
    QWidget* resultFields() const { return resultFields_; } ///< thresholds and export, for the result

signals:
    void wanted(const QString& text, const ember::GenesPage::Change& change);
    void runClicked(); ///< or cancel, while it runs

private:
    QWidget* buildGroups();
    QWidget* buildMethod();
    QDoubleSpinBox* makeThreshold(const char* name, const QString& accessible, const QString& tip);
    void choose(QComboBox* box, const QString& text, QString DifferentialSettings::*member);
    QComboBox *groupBy_, *group_, *reference_, *values_, *unit_, *test_;
    ChecksButton* within_;
    QDoubleSpinBox *alpha_, *effect_;
    QPushButton *run_, *export_;
    QWidget* resultFields_;
    ElidedLabel* warning_;
    bool running_ = false;
};

} // namespace ember

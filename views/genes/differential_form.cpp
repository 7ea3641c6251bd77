#include "views/genes/differential_form.hpp"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include "views/genes/checks_button.hpp"
#include "widgets/elided_label.hpp"
#include "widgets/icon.hpp"
#include "widgets/theme.hpp"

namespace ember {

DifferentialForm::DifferentialForm(QWidget* parent) : QWidget(parent) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addWidget(buildGroups());
    column->addWidget(buildMethod());
    warning_ = new ElidedLabel(
        tr("Cells are no replicates: cells of one animal resemble each other, so these p-values "
           "are far too small. Choose a column of animals or donors as unit."));
    warning_->setObjectName("deCellsWarning");
    setRole(warning_, "error");
    warning_->hide();
    column->addWidget(warning_);
}

/// A box that sets one text of the settings.
void DifferentialForm::choose(QComboBox* box, const QString& text, QString DifferentialSettings::*member) {
    connect(box, &QComboBox::activated, this, [this, box, text, member] {
        const QString chosen = box->currentData().toString();
        emit wanted(text.arg(box->currentText()),
                    [member, chosen](GenesSettings& settings) { settings.differential.*member = chosen; });
    });
}

QWidget* DifferentialForm::buildGroups() {
    groupBy_ = makeChoice("deGroupBy", tr("Groups of column"), tr("Column whose groups are compared"));
    group_ = makeChoice("deGroup", tr("Group"), tr("The group whose genes are asked for"));
    reference_ = makeChoice("deReference", tr("Reference"), tr("What it is compared with"));
    within_ = new ChecksButton(tr("all cells"));
    within_->setObjectName("deWithin");
    within_->setAccessibleName(tr("Within each"));
    within_->setHint(tr("One comparison for each combination of these columns' groups"));
    run_ = new QPushButton(tr("Compare"));
    run_->setObjectName("deRun");
    run_->setAccessibleName(tr("Compare, or cancel"));
    setPrimary(run_);
    connect(run_, &QPushButton::clicked, this, &DifferentialForm::runClicked);
    choose(groupBy_, tr("Compare groups of %1"), &DifferentialSettings::groupBy);
    choose(group_, tr("Compare %1"), &DifferentialSettings::group);
    choose(reference_, tr("Compare against %1"), &DifferentialSettings::reference);
    connect(within_, &ChecksButton::tickedChanged, this, [this] {
        const QStringList ticked = within_->ticked();
        emit wanted(tr("Compare within %1").arg(within_->tickedText()), [ticked](GenesSettings& settings) {
            settings.differential.withinChosen = true;
            settings.differential.within = ticked;
        });
    });
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    addField(layout, tr("Of"), groupBy_, 2);
    addField(layout, tr("compare"), group_, 2);
    addField(layout, tr("against"), reference_, 2);
    addField(layout, tr("within"), within_, 2);
    layout->addWidget(run_);
    return row;
}

QDoubleSpinBox* DifferentialForm::makeThreshold(const char* name, const QString& accessible,
                                                const QString& tip) {
    auto* box = new QDoubleSpinBox;
    box->setObjectName(name);
    box->setAccessibleName(accessible);
    box->setToolTip(tip);
    box->setKeyboardTracking(false);
    return box;
}

QWidget* DifferentialForm::buildMethod() {
    values_ = makeChoice("deValues", tr("Values"), tr("Matrix of log-normalised values, [cells × genes]"));
    unit_ = makeChoice("deUnit", tr("Unit of replication"),
                       tr("What counts as one observation: animals or donors, or single cells"));
    test_ = makeChoice("deTest", tr("Test"),
                       tr("Automatic: Welch's t-test on replicates, Wilcoxon's rank sum test on cells"));
    choose(values_, tr("Compare the values of %1"), &DifferentialSettings::values);
    choose(unit_, tr("Count %1 as units"), &DifferentialSettings::unit);
    choose(test_, tr("Test by %1"), &DifferentialSettings::test);
    alpha_ = makeThreshold("deAlpha", tr("Threshold of the adjusted p-value"),
                           tr("Genes below this adjusted p-value count as changed"));
    alpha_->setDecimals(3);
    alpha_->setRange(0.001, 0.5);
    alpha_->setSingleStep(0.01);
    effect_ = makeThreshold("deEffect", tr("Threshold of log2 fold change"),
                            tr("Genes with a smaller |log2 fold change| do not count as changed"));
    effect_->setDecimals(2);
    effect_->setRange(0, 10);
    effect_->setSingleStep(0.25);
    connect(alpha_, &QDoubleSpinBox::valueChanged, this, [this](double value) {
        emit wanted(tr("Set the threshold of padj"),
                    [value](GenesSettings& settings) { settings.differential.alpha = value; });
    });
    connect(effect_, &QDoubleSpinBox::valueChanged, this, [this](double value) {
        emit wanted(tr("Set the threshold of log2FC"),
                    [value](GenesSettings& settings) { settings.differential.effect = value; });
    });
    resultFields_ = new QWidget;
    export_ = new QPushButton(icon("document-export"), tr("CSV…"));
    export_->setObjectName("deExport");
    export_->setAccessibleName(tr("Export all comparisons as CSV"));
    export_->setToolTip(tr("All comparisons with full precision, and how they were made (Ctrl+E)"));
    auto* thresholds = new QHBoxLayout(resultFields_);
    thresholds->setContentsMargins(0, 0, 0, 0);
    addField(thresholds, tr("padj <"), alpha_);
    addField(thresholds, tr("|log2FC| ≥"), effect_);
    thresholds->addWidget(export_);
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    addField(layout, tr("Values"), values_, 2);
    addField(layout, tr("Unit"), unit_, 2);
    addField(layout, tr("Test"), test_, 2);
    layout->addStretch(1);
    return row;
}

void DifferentialForm::show(const GeneContext& context, const DifferentialSettings& settings) {
    fillChoice(groupBy_, context.columns, context.columns, settings.groupBy);
    const QStringList labels = context.labelsOf(settings.groupBy);
    fillChoice(group_, QStringList{tr("each group")} + labels, QStringList{"*"} + labels, settings.group);
    fillChoice(reference_, QStringList{tr("the rest")} + labels, QStringList{"rest"} + labels,
               settings.reference);
    QStringList others = context.columns;
    others.removeAll(settings.groupBy);
    within_->setEntries(others, settings.within);
    QStringList sources;
    for (const MatrixSource& source : context.sources) {
        sources << QString::fromStdString(to_string(source));
    }
    fillChoice(values_, sources, sources, settings.values);
    fillChoice(unit_, others + QStringList{tr("cells")}, others + QStringList{"cells"}, settings.unit);
    fillChoice(test_, {tr("Automatic"), tr("Wilcoxon rank sum"), tr("Welch's t")},
               {QString(), "wilcoxon", "t-test"}, settings.test);
    const QSignalBlocker quietAlpha(alpha_), quietEffect(effect_);
    alpha_->setValue(settings.alpha);
    effect_->setValue(settings.effect);
    warning_->setVisible(settings.unit == "cells");
}

void DifferentialForm::setRunning(bool running) {
    running_ = running;
    run_->setText(running ? tr("Cancel") : tr("Compare"));
    setPrimary(run_, !running);
}

} // namespace ember

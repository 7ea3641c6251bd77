#include "widgets/field_row.hpp"

#include <algorithm>

#include <QGridLayout>
#include <QLabel>
#include <QStyle>
#include <QVBoxLayout>

#include "widgets/theme.hpp"

namespace ember {

FieldRow::FieldRow(const QString& label, QWidget* field, QWidget* parent) : QWidget(parent), field_(field) {
    label_ = new QLabel(label, this);
    label_->setBuddy(field);
    label_->setMinimumHeight(field->sizeHint().height());
    label_->setAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    note_ = new QLabel(this);
    note_->setObjectName(QStringLiteral("fieldNote"));
    note_->setWordWrap(true);
    note_->setTextFormat(Qt::PlainText);
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * 0.9);
    note_->setFont(small);
    note_->hide();
    if (field->accessibleName().isEmpty())
        field->setAccessibleName(QString(label).remove(QLatin1Char('&')));

    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(2);
    grid->addWidget(label_, 0, 0, Qt::AlignTop);
    grid->addWidget(field, 0, 1);
    grid->addWidget(note_, 1, 1);
    grid->setColumnStretch(1, 1);
}

void FieldRow::setReason(const QString& reason) {
    reason_ = reason;
    showNote();
}

void FieldRow::setError(const QString& error, const QString& remedy) {
    if (error == error_ && remedy == remedy_)
        return;
    error_ = error;
    remedy_ = remedy;
    field_->setProperty("invalid", hasError());
    if (field_->testAttribute(Qt::WA_WState_Polished)) {
        field_->style()->unpolish(field_);
        field_->style()->polish(field_);
    }
    showNote();
}

void FieldRow::showNote() {
    QString note = reason_;
    if (hasError())
        note = remedy_.isEmpty() ? error_ : error_ + QLatin1Char(' ') + remedy_;
    note_->setText(note);
    note_->setVisible(!note.isEmpty());
    field_->setAccessibleDescription(note);
    setRole(note_, hasError() ? "error" : "muted");
}

FieldForm::FieldForm(QWidget* parent) : QWidget(parent) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(9);
}

FieldRow* FieldForm::addRow(const QString& label, QWidget* field) {
    auto* row = new FieldRow(label, field, this);
    rows_.push_back(row);
    layout()->addWidget(row);
    alignLabels();
    return row;
}

void FieldForm::addHeading(const QString& text) {
    auto* heading = new QLabel(text, this);
    setRole(heading, "heading");
    layout()->addWidget(heading);
}

bool FieldForm::hasErrors() const {
    return std::any_of(rows_.begin(), rows_.end(), [](const FieldRow* row) { return row->hasError(); });
}

void FieldForm::alignLabels() {
    int width = 0;
    for (const FieldRow* row : rows_)
        width = std::max(width, row->label()->sizeHint().width());
    for (const FieldRow* row : rows_)
        row->label()->setMinimumWidth(width);
}

} // namespace ember

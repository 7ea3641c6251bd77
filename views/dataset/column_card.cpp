#include "views/dataset/column_card.hpp"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include "widgets/category_bars.hpp"
#include "widgets/elided_label.hpp"
#include "widgets/formatting.hpp"
#include "widgets/small_histogram.hpp"
#include "widgets/theme.hpp"

namespace ember {

ColumnCard::ColumnCard(const QString& name, const QString& dtype, QWidget* parent) : QFrame(parent) {
    setObjectName(QStringLiteral("column-") + name);
    setAccessibleName(name);
    setRole(this, "card");
    auto* title = new ElidedLabel(name, this);
    setRole(title, "heading");
    type_ = new QLabel(dtype, this);
    setRole(type_, "muted");
    note_ = new QLabel(tr("Reading …"), this);
    note_->setWordWrap(true);
    note_->setTextFormat(Qt::PlainText);
    setRole(note_, "muted");
    auto* top = new QHBoxLayout;
    top->addWidget(title, 1);
    top->addWidget(type_);
    column_ = new QVBoxLayout(this);
    column_->setContentsMargins(11, 8, 11, 9);
    column_->setSpacing(6);
    column_->addLayout(top);
    column_->addWidget(note_);
    column_->addStretch();
}

void ColumnCard::setNote(const QString& note) {
    note_->setText(note);
    note_->setVisible(!note.isEmpty());
}

void ColumnCard::setSummary(const ColumnSummary& summary) {
    QStringList type = {summary.dtype};
    if (!summary.labels.isEmpty() && summary.bars.size() > 1)
        type << formatCount(static_cast<std::int64_t>(summary.labels.size()), tr("value"), tr("values"));
    if (summary.missing > 0)
        type << tr("%1 missing").arg(formatCount(static_cast<std::int64_t>(summary.missing)));
    type_->setText(type.join(QStringLiteral(" · ")));
    setNote(summary.note);
    setRole(note_, summary.failed ? "error" : "muted");
    if (!summary.bars.empty()) {
        auto* bars = new CategoryBars(this);
        bars->setAccessibleName(tr("Categories of %1").arg(summary.name));
        bars->setBars(summary.bars);
        column_->insertWidget(1, bars);
    } else if (summary.histogram.bins() > 0) {
        auto* histogram = new SmallHistogram(this);
        histogram->setAccessibleName(tr("Histogram of %1").arg(summary.name));
        histogram->setData(summary.histogram);
        column_->insertWidget(1, histogram);
    }
}

} // namespace ember

#include "views/compare/verdict_lines.hpp"

#include <algorithm>

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include "widgets/elided_label.hpp"
#include "widgets/icon.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

QString textOf(const std::string& text) {
    return QString::fromStdString(text);
}

QIcon iconOf(Severity severity) {
    switch (severity) {
    case Severity::good:
        return icon("state-success", IconColor::success);
    case Severity::caution:
        return icon("state-warning", IconColor::warning);
    case Severity::bad:
        return icon("state-error", IconColor::error);
    case Severity::note:
        break;
    }
    return icon("state-info", IconColor::information);
}

} // namespace

std::vector<VerdictLine> verdictLines(const CompareResult& result) {
    std::vector<VerdictLine> lines;
    for (const ModelResult& model : result.models) {
        VerdictLine line;
        QString predicts;
        QStringList titles, details;
        for (const Verdict& verdict : result.verdicts) {
            if (verdict.model != model.name) {
                continue;
            }
            const QString title = textOf(verdict.title), sentence = textOf(verdict.sentence);
            details << QString("<p><b>%1.</b> %2</p>").arg(title.toHtmlEscaped(), sentence.toHtmlEscaped());
            if (verdict.kind == "predicts_change") {
                line.severity = std::max(line.severity, verdict.severity);
                predicts = QString("%1. %2").arg(title, sentence);
            } else if (verdict.kind == "blind_spot") {
                line.severity = std::max(line.severity, Severity::caution);
                titles << title + '.';
            }
        }
        if (!predicts.isEmpty()) {
            titles << predicts; // the blind spot stands first, so that it is never cut off
        }
        line.text = titles.join(' ');
        line.details = details.join(QString());
        if (!line.text.isEmpty()) {
            lines.push_back(std::move(line));
        }
    }
    return lines;
}

QStringList blindSpots(const CompareResult& result) {
    QStringList titles;
    for (const Verdict& verdict : result.verdicts) {
        if (verdict.kind == "blind_spot") {
            titles << textOf(verdict.title);
        }
    }
    return titles;
}

VerdictLines::VerdictLines(QWidget* parent) : QWidget(parent) {
    setObjectName("compareVerdicts");
    setAccessibleName(tr("Verdicts"));
    rows_ = new QVBoxLayout(this);
    rows_->setContentsMargins(0, 0, 0, 0);
    rows_->setSpacing(2);
    hide();
}

void VerdictLines::clear() {
    while (QLayoutItem* item = rows_->takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

void VerdictLines::add(const QIcon& icon, const QString& text, const QString& details, bool muted) {
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    if (!icon.isNull()) {
        auto* sign = new QLabel;
        sign->setPixmap(icon.pixmap(lengthInEms(this, 1)));
        layout->addWidget(sign);
    }
    auto* label = new ElidedLabel(text);
    if (muted) {
        setRole(label, "muted");
    }
    layout->addWidget(label, 1);
    row->setToolTip(details);
    label->setToolTip(details);
    rows_->addWidget(row);
}

void VerdictLines::setLines(const std::vector<VerdictLine>& lines) {
    clear();
    for (const VerdictLine& line : lines) {
        add(iconOf(line.severity), line.text, line.details, false);
    }
    setVisible(!lines.empty());
}

void VerdictLines::setText(const QString& text, int lines) {
    clear();
    for (int line = 0; line < lines; ++line) {
        const QString shown = line == 0 ? text : QString();
        add(icon("state-info", IconColor::muted), shown, shown, true);
    }
    setVisible(lines > 0);
}

QStringList VerdictLines::texts() const {
    QStringList texts;
    for (const ElidedLabel* label : findChildren<ElidedLabel*>()) {
        texts << label->text();
    }
    return texts;
}

} // namespace ember

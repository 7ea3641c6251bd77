#include "views/report/report_pages.hpp"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QFontMetricsF>
#include <QGuiApplication>
#include <QPdfWriter>
#include <QTextLayout>

#include "widgets/theme.hpp"

namespace ember {

namespace {

constexpr double pageWidth = 793.7, pageHeight = 1122.5; // A4 in units of 1/96 inch
constexpr double left = (pageWidth - reportWidth) / 2, top = 76, bottom = pageHeight - 70;
constexpr double cellGap = 12, cellPad = 3.2;

QString tr(const char* text) {
    return QCoreApplication::translate("ember::Report", text);
}

QFont sized(double px, QFont::Weight weight = QFont::Normal) {
    QFont font = QGuiApplication::font();
    font.setPixelSize(static_cast<int>(std::lround(px)));
    font.setWeight(weight);
    return font;
}

double lineHeight(const QFont& font) {
    return QFontMetricsF(font).height() * 1.12;
}

/// Broken at spaces, and inside words that are too long.
QStringList linesOf(const QString& text, const QFont& font, double width) {
    QTextLayout layout(text, font);
    QTextOption option;
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(option);
    QStringList lines;
    layout.beginLayout();
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(width);
        lines << text.mid(line.textStart(), line.textLength()).trimmed();
    }
    layout.endLayout();
    return lines;
}

QColor toneColor(ReportTone tone, const ThemeColors& colors) {
    switch (tone) {
    case ReportTone::good:
        return colors.success;
    case ReportTone::caution:
        return colors.warning;
    case ReportTone::bad:
        return colors.error;
    case ReportTone::note:
        break;
    }
    return colors.information;
}

} // namespace

ReportPages::ReportPages(QPdfWriter& writer, double scale, const ReportDocument& document, int pages,
                         const ReportPulse& pulse)
    : writer_(writer),
      document_(document),
      pages_(pages),
      pulse_(pulse),
      colors_(lightThemeColors()),
      scale_(scale),
      body_(sized(13)),
      small_(sized(11)),
      bold_(sized(13, QFont::DemiBold)),
      heading_(sized(18, QFont::DemiBold)),
      title_(sized(24, QFont::DemiBold)),
      painter_(&writer) {}

int ReportPages::layOut() {
    painter_.scale(scale_, scale_);
    beginPage();
    y_ = 96;
    text(document_.title, title_, colors_.text, left, reportWidth);
    y_ += 4;
    text(document_.subtitle, body_, colors_.muted, left, reportWidth);
    for (const ReportSection& section : document_.sections) {
        ensure(60 + (section.blocks.empty() ? 0 : leadOf(section.blocks.front())));
        y_ += y_ > top ? 24 : 0;
        text(section.title, heading_, colors_.text, left, reportWidth);
        painter_.setPen(QPen(colors_.border, 1));
        painter_.drawLine(QPointF(left, y_ + 3), QPointF(left + reportWidth, y_ + 3));
        y_ += 12;
        for (const ReportBlock& block : section.blocks) {
            if (pulse_) {
                pulse_();
            }
            std::visit([&](const auto& item) { put(item); }, block);
        }
    }
    painter_.end();
    return page_;
}

/// What must follow a heading on the same page.
double ReportPages::leadOf(const ReportBlock& block) const {
    if (const auto* figure = std::get_if<ReportFigure>(&block)) {
        return figure->size.height() + heightOf(figure->caption, small_, reportWidth) + 16;
    }
    return std::holds_alternative<ReportText>(block) ? 40 : 130;
}

void ReportPages::beginPage() {
    ++page_;
    y_ = top;
    painter_.setFont(small_);
    painter_.setPen(colors_.muted);
    const QFontMetricsF metrics(small_);
    if (page_ > 1) {
        painter_.drawText(QRectF(left, 38, reportWidth, 16), Qt::AlignLeft | Qt::AlignVCenter,
                          metrics.elidedText(document_.title, Qt::ElideRight, reportWidth));
        painter_.setPen(QPen(colors_.border, 0.7));
        painter_.drawLine(QPointF(left, 58), QPointF(left + reportWidth, 58));
        painter_.setPen(colors_.muted);
    }
    const QRectF foot(left, pageHeight - 50, reportWidth, 16);
    painter_.drawText(foot, Qt::AlignLeft | Qt::AlignVCenter,
                      QStringLiteral("%1 %2").arg(QGuiApplication::applicationDisplayName(),
                                                  QCoreApplication::applicationVersion()));
    painter_.drawText(foot, Qt::AlignRight | Qt::AlignVCenter, tr("Page %1 of %2").arg(page_).arg(pages_));
}

void ReportPages::breakPage() {
    writer_.newPage();
    beginPage();
}

void ReportPages::ensure(double height) {
    if (y_ + height > bottom && y_ > top) {
        breakPage();
    }
}

double ReportPages::heightOf(const QString& text, const QFont& font, double width) const {
    double height = 0;
    for (const QString& part : text.split('\n')) {
        height += lineHeight(font) * linesOf(part, font, width).size();
    }
    return height;
}

void ReportPages::text(const QString& text, const QFont& font, const QColor& color, double x, double width) {
    const double line = lineHeight(font), ascent = QFontMetricsF(font).ascent();
    for (const QString& part : text.split('\n')) {
        for (const QString& words : linesOf(part, font, width)) {
            ensure(line);
            painter_.setPen(color);
            painter_.setFont(font);
            painter_.drawText(QPointF(x, y_ + ascent), words);
            y_ += line;
        }
    }
}

void ReportPages::put(const ReportText& block) {
    for (const QString& paragraph : block.text.split(QStringLiteral("\n\n"), Qt::SkipEmptyParts)) {
        text(paragraph, body_, block.muted ? colors_.muted : colors_.text, left, reportWidth);
        y_ += 7;
    }
}

void ReportPages::put(const ReportVerdicts& verdicts) {
    constexpr double bar = 4, pad = 10, above = 7, between = 8;
    const QFont mark = sized(9.5, QFont::DemiBold);
    const double width = reportWidth - bar - 2 * pad, titleWidth = width - 64;
    for (const ReportVerdict& verdict : verdicts.items) {
        const double height = heightOf(verdict.title, bold_, titleWidth) +
                              heightOf(verdict.text, body_, width) + heightOf(verdict.test, small_, width) +
                              2 * above + 3;
        ensure(std::min(height, bottom - top));
        const double start = y_, x = left + bar + pad;
        const int page = page_;
        painter_.fillRect(QRectF(left, start, reportWidth, height), QColor(246, 247, 249));
        painter_.fillRect(QRectF(left, start, bar, height), toneColor(verdict.tone, colors_));
        painter_.setFont(mark);
        painter_.setPen(toneColor(verdict.tone, colors_));
        painter_.drawText(QRectF(x, start + above, width, lineHeight(bold_)),
                          Qt::AlignRight | Qt::AlignVCenter, toneWord(verdict.tone).toUpper());
        y_ += above;
        text(verdict.title, bold_, colors_.text, x, titleWidth);
        text(verdict.text, body_, colors_.text, x, width);
        y_ += 3;
        text(verdict.test, small_, colors_.muted, x, width);
        y_ = page == page_ ? start + height + between : y_ + between;
    }
}

void ReportPages::put(const ReportFacts& facts) {
    double label = 0;
    for (const auto& [name, value] : facts.items) {
        label = std::max(label, QFontMetricsF(body_).horizontalAdvance(name));
    }
    label = std::min(label + 18, reportWidth * 0.35);
    for (const auto& [name, value] : facts.items) {
        ensure(20);
        const double start = y_;
        const int page = page_;
        text(name, body_, colors_.muted, left, label - 8);
        const double after = y_;
        if (page == page_) {
            y_ = start;
        }
        text(value, body_, colors_.text, left + label, reportWidth - label);
        y_ = std::max(y_, page == page_ ? after : y_) + 3;
    }
    y_ += 5;
}

void ReportPages::put(const ReportFigure& figure) {
    const double scale = std::min(1.0, reportWidth / figure.size.width());
    const QSizeF size = figure.size * scale;
    const double caption = heightOf(figure.caption, small_, reportWidth);
    ensure(size.height() + caption + 16);
    const QRectF rect(left, y_, size.width(), size.height());
    if (pages_ > 0) {
        painter_.save();
        painter_.translate(rect.topLeft());
        painter_.scale(scale, scale);
        figure.draw(painter_, QRectF(QPointF(), figure.size), 300);
        painter_.restore();
    }
    y_ = rect.bottom() + 5;
    text(figure.caption, small_, colors_.muted, left, reportWidth);
    y_ += 10;
}

QFont ReportPages::cellFont(const ReportTable& table, std::size_t column, bool strong) const {
    QFont font = small_;
    if (column < table.numeric.size() && table.numeric[column]) {
        font = tabularFont(font);
    }
    font.setWeight(strong ? QFont::DemiBold : QFont::Normal);
    return font;
}

std::vector<double> ReportPages::columnWidths(const ReportTable& table) const {
    const auto columns = static_cast<std::size_t>(table.header.size());
    std::vector<double> wish(columns, 0), least(columns, 0);
    const auto look = [&](std::size_t column, const QString& text, bool strong) {
        const QFontMetricsF metrics(cellFont(table, column, strong));
        wish[column] = std::max(wish[column], metrics.horizontalAdvance(text));
        for (const QString& word : text.split(' ')) {
            least[column] =
                std::max(least[column], std::min(metrics.horizontalAdvance(word), reportWidth * 0.3));
        }
    };
    for (std::size_t column = 0; column < columns; ++column) {
        look(column, table.header[static_cast<int>(column)], true);
        for (const auto& row : table.rows) {
            if (column < row.size()) {
                look(column, row[column].text, row[column].strong);
            }
        }
    }
    const double room = reportWidth - cellGap * static_cast<double>(columns - 1);
    double wished = 0, needed = 0;
    for (std::size_t column = 0; column < columns; ++column) {
        wished += wish[column] + 1;
        needed += least[column] + 1;
    }
    std::vector<double> widths(columns);
    const double share =
        wished <= room ? 1 : std::clamp((room - needed) / std::max(1.0, wished - needed), 0.0, 1.0);
    for (std::size_t column = 0; column < columns; ++column) {
        widths[column] = least[column] + 1 + share * (wish[column] - least[column]);
    }
    const double used = wished <= room ? wished : needed + share * (wished - needed);
    if (used > room) {
        for (double& width : widths) {
            width *= room / used;
        }
    } else if (columns > 0) {
        widths[0] += std::min(room - used, wished <= room ? 60.0 : room - used);
    }
    return widths;
}

double ReportPages::rowHeight(const std::vector<ReportCell>& row, const std::vector<double>& widths,
                              const ReportTable& table, bool head) const {
    double height = 0;
    for (std::size_t column = 0; column < std::min(row.size(), widths.size()); ++column) {
        height =
            std::max(height, heightOf(row[column].text, cellFont(table, column, head || row[column].strong),
                                      widths[column]));
    }
    return height + 2 * cellPad;
}

void ReportPages::drawRow(const std::vector<ReportCell>& row, const std::vector<double>& widths,
                          const ReportTable& table, bool head) {
    const double height = rowHeight(row, widths, table, head);
    double x = left;
    painter_.setPen(colors_.text);
    for (std::size_t column = 0; column < std::min(row.size(), widths.size()); ++column) {
        const bool number = column < table.numeric.size() && table.numeric[column];
        painter_.setFont(cellFont(table, column, head || row[column].strong));
        const QFont font = painter_.font();
        double y = y_ + cellPad;
        for (const QString& line : linesOf(row[column].text, font, widths[column])) {
            painter_.drawText(QRectF(x, y, widths[column], lineHeight(font)),
                              (number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter | Qt::TextDontClip,
                              line);
            y += lineHeight(font);
        }
        x += widths[column] + cellGap;
    }
    y_ += height;
    painter_.setPen(QPen(head ? colors_.control : colors_.border, head ? 1.1 : 0.6));
    painter_.drawLine(QPointF(left, y_), QPointF(x - cellGap, y_));
}

void ReportPages::put(const ReportTable& table) {
    const std::vector<double> widths = columnWidths(table);
    std::vector<ReportCell> head;
    for (const QString& name : table.header) {
        head.emplace_back(name);
    }
    const double first = table.rows.empty() ? 0 : rowHeight(table.rows.front(), widths, table, false);
    ensure(30 + rowHeight(head, widths, table, true) + 2 * first);
    if (!table.caption.isEmpty()) {
        y_ += 4;
        text(table.caption, bold_, colors_.text, left, reportWidth);
        y_ += 2;
    }
    drawRow(head, widths, table, true);
    for (const auto& row : table.rows) {
        if (y_ + rowHeight(row, widths, table, false) > bottom) {
            breakPage();
            drawRow(head, widths, table, true);
        }
        drawRow(row, widths, table, false);
    }
    y_ += 5;
    if (!table.note.isEmpty()) {
        text(table.note, small_, colors_.muted, left, reportWidth);
    }
    y_ += 10;
}

} // namespace ember

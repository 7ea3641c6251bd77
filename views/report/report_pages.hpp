#pragma once
// Lays a report out on pages.

#include <vector>

#include <QFont>
#include <QPainter>

#include "views/report/report_document.hpp"
#include "widgets/theme_colors.hpp"

class QPdfWriter;

namespace ember {

class ReportPages {
public:
    /// `scale`: device pixels per 1/96 inch. `pages`: their number, 0 while it is being found (figures are
    /// left white then).
    ReportPages(QPdfWriter& writer, double scale, const ReportDocument& document, int pages,
                const ReportPulse& pulse);

    /// Draws everything; returns the number of pages.
    int layOut();

private:
    void beginPage();
    void breakPage();
    /// Breaks the page unless this height is left on it.
    void ensure(double height);
    /// Wrapped text, broken between lines where the page ends.
    void text(const QString& text, const QFont& font, const QColor& color, double left, double width);
    double leadOf(const ReportBlock& block) const;
    double heightOf(const QString& text, const QFont& font, double width) const;

    void put(const ReportText& text);
    void put(const ReportVerdicts& verdicts);
    void put(const ReportTable& table);
    void put(const ReportFacts& facts);
    void put(const ReportFigure& figure);

    std::vector<double> columnWidths(const ReportTable& table) const;
    double rowHeight(const std::vector<ReportCell>& row, const std::vector<double>& widths,
                     const ReportTable& table, bool head) const;
    void drawRow(const std::vector<ReportCell>& row, const std::vector<double>& widths,
                 const ReportTable& table, bool head);
    QFont cellFont(const ReportTable& table, std::size_t column, bool strong) const;

    QPdfWriter& writer_;
    const ReportDocument& document_;
    int pages_, page_ = 0;
    const ReportPulse& pulse_;
    const ThemeColors& colors_;
    double scale_, y_ = 0;
    QFont body_, small_, bold_, heading_, title_;
    QPainter painter_;
};

} // namespace ember

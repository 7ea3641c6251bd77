#pragma once
// A report as one value: PDF and HTML are written from it.

#include <functional>
#include <utility>
#include <variant>
#include <vector>

#include <QRectF>
#include <QSizeF>
#include <QString>
#include <QStringList>

class QPainter;

namespace ember {

enum class ReportTone { note, good, caution, bad };

/// "Good", "Note", "Caution", "Bad": the mark's meaning in words.
QString toneWord(ReportTone tone);

struct ReportText {
    QString text; ///< plain; an empty line starts a new paragraph
    bool muted = false;
};

struct ReportVerdict {
    ReportTone tone = ReportTone::note;
    QString title, text, test;
};
struct ReportVerdicts {
    std::vector<ReportVerdict> items;
};

struct ReportCell {
    QString text;
    bool strong = false;
    ReportCell(QString text, bool strong = false) : text(std::move(text)), strong(strong) {}
    ReportCell(const char* text) : text(QString::fromUtf8(text)) {}
};
struct ReportTable {
    QString caption;
    QStringList header;
    std::vector<std::vector<ReportCell>> rows;
    std::vector<bool> numeric; ///< [columns] right-aligned, figures of equal width
    QString note;              ///< below: what marks and intervals mean
};

/// Names and what is known of them.
struct ReportFacts {
    std::vector<std::pair<QString, QString>> items;
};

struct ReportFigure {
    QString caption;
    QString alternative; ///< what it shows, for those who do not see it
    QSizeF size;         ///< in units of 1/96 inch; at most reportWidth wide
    std::function<void(QPainter&, const QRectF&, double dpi)> draw; ///< light colours on white
};

using ReportBlock = std::variant<ReportText, ReportVerdicts, ReportTable, ReportFacts, ReportFigure>;

struct ReportSection {
    QString title;
    std::vector<ReportBlock> blocks;
};

struct ReportDocument {
    QString title, subtitle;
    std::vector<ReportSection> sections;
    QString provenance; ///< JSON
};

constexpr double reportWidth = 660; ///< of a page's text, in units of 1/96 inch

/// What reports progress and may throw Cancelled between parts.
using ReportPulse = std::function<void()>;

/// One file without links to others, well-formed XML; light and dark by the reader's choice.
QByteArray reportHtml(const ReportDocument& document, const ReportPulse& pulse = {});

/// A4 pages with numbers, vector figures, the bundled font; the provenance as attachment and metadata.
QByteArray reportPdf(const ReportDocument& document, const ReportPulse& pulse = {});

/// By the ending of the path, .html or .pdf; replaces the file atomically and reads it back. Throws
/// UsageError, CannotWrite.
void writeReport(const QString& path, const ReportDocument& document, const ReportPulse& pulse = {});

} // namespace ember

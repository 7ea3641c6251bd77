// A report as one HTML file.

#include <QBuffer>
#include <QCoreApplication>
#include <QFile>
#include <QPainter>
#include <QRegularExpression>
#include <QSvgGenerator>

#include "views/report/report_document.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::Report", text);
}

QString escaped(const QString& text) {
    return text.toHtmlEscaped();
}

QString fontFace(const char* file, int weight) {
    QFile font(QStringLiteral(":/ember/fonts/%1").arg(QString::fromLatin1(file)));
    if (!font.open(QIODevice::ReadOnly)) {
        return {};
    }
    return QStringLiteral("@font-face{font-family:Inter;font-weight:%1;src:url(data:font/otf;base64,%2)}\n")
        .arg(weight)
        .arg(QString::fromLatin1(font.readAll().toBase64()));
}

QString style() {
    return fontFace("Inter-Regular.otf", 400) + fontFace("Inter-SemiBold.otf", 600) +
           QStringLiteral(
               R"(:root{--ground:#ffffff;--text:#1d1f21;--muted:#5a6068;--line:#d9dce0;--soft:#f4f5f7;
--good:#1a7f4b;--note:#3b6ea5;--caution:#9a6200;--bad:#b3261e}
@media (prefers-color-scheme: dark){:root{--ground:#17191c;--text:#e6e8ea;--muted:#a2a9b1;--line:#3a3f45;
--soft:#202328;--good:#5fc48e;--note:#86b3e0;--caution:#e0ac53;--bad:#f2857d}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:15px/1.5 Inter,Helvetica,Arial,sans-serif}
main{max-width:60rem;margin:0 auto;padding:2.5rem 1.5rem 4rem}
h1{font-size:1.75rem;line-height:1.25;margin:0 0 .25rem}
h2{font-size:1.25rem;margin:2.5rem 0 .75rem;padding-bottom:.3rem;border-bottom:1px solid var(--line)}
p{margin:.5rem 0}.muted{color:var(--muted)}.subtitle{color:var(--muted);margin:0 0 1.5rem}
nav ol{columns:2;padding-left:1.2rem;margin:.5rem 0}nav a{color:inherit}
.verdict{border-left:4px solid var(--note);background:var(--soft);padding:.6rem .9rem;margin:.6rem 0;border-radius:0 6px 6px 0}
.verdict h3{margin:0;font-size:1rem}.verdict p{margin:.2rem 0}.verdict .test{color:var(--muted);font-size:.82rem}
.mark{font-size:.72rem;font-weight:600;text-transform:uppercase;letter-spacing:.04em;margin-right:.5rem}
.good{border-color:var(--good)}.good .mark{color:var(--good)}.note{border-color:var(--note)}.note .mark{color:var(--note)}
.caution{border-color:var(--caution)}.caution .mark{color:var(--caution)}.bad{border-color:var(--bad)}.bad .mark{color:var(--bad)}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.87rem;margin:.4rem 0}
caption{text-align:left;font-weight:600;padding:.6rem 0 .3rem;font-size:.95rem}
th,td{text-align:left;padding:.32rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}
thead th{border-bottom:2px solid var(--line);font-weight:600}.number{text-align:right;font-variant-numeric:tabular-nums}
tbody th{font-weight:400}b{font-weight:600}
dl{display:grid;grid-template-columns:minmax(9rem,max-content) 1fr;gap:.3rem 1.2rem;margin:.5rem 0}
dt{color:var(--muted)}dd{margin:0;overflow-wrap:anywhere}
figure{margin:1rem 0}figure svg{display:block;width:100%;height:auto;background:#fff;border:1px solid var(--line);border-radius:6px}
figcaption{color:var(--muted);font-size:.87rem;margin-top:.35rem}
pre{background:var(--soft);padding:.8rem;overflow:auto;font-size:.78rem;border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere}
@media print{body{font-size:10pt}main{max-width:none;padding:0}h2{break-after:avoid}.verdict,figure,tr{break-inside:avoid}
thead{display:table-header-group}.scroll{overflow:visible}nav{display:none}@page{margin:16mm}}
)");
}

QString toneClass(ReportTone tone) {
    switch (tone) {
    case ReportTone::good:
        return QStringLiteral("good");
    case ReportTone::caution:
        return QStringLiteral("caution");
    case ReportTone::bad:
        return QStringLiteral("bad");
    case ReportTone::note:
        break;
    }
    return QStringLiteral("note");
}

/// The drawing as an element of the page; its ids get `prefix`, since all figures share one page.
QString svgOf(const ReportFigure& figure, const QString& prefix) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    const QSize units = figure.size.toSize();
    {
        QSvgGenerator generator;
        generator.setOutputDevice(&buffer);
        generator.setResolution(96);
        generator.setSize(units);
        generator.setViewBox(QRect(QPoint(), units));
        QPainter painter(&generator);
        figure.draw(painter, QRectF(QPointF(), QSizeF(units)), 200);
    }
    QString svg = QString::fromUtf8(bytes);
    svg = svg.mid(svg.indexOf(QStringLiteral("<svg")));
    static const QRegularExpression head(QStringLiteral("<svg[^>]*>"));
    svg.replace(
        svg.indexOf(QStringLiteral("<svg")), head.match(svg).capturedLength(),
        QStringLiteral("<svg xmlns=\"http://www.w3.org/2000/svg\" "
                       "xmlns:xlink=\"http://www.w3.org/1999/xlink\" viewBox=\"0 0 %1 %2\" role=\"img\" "
                       "aria-label=\"%3\">")
            .arg(units.width())
            .arg(units.height())
            .arg(escaped(figure.alternative)));
    static const QRegularExpression words(QStringLiteral("<(title|desc)>.*?</\\1>"),
                                          QRegularExpression::DotMatchesEverythingOption);
    svg.remove(words);
    static const QRegularExpression id(QStringLiteral("(\\bid=\"|xlink:href=\"#|url\\(#)"));
    svg.replace(id, QStringLiteral("\\1%1").arg(prefix));
    svg.replace(QStringLiteral("font-family=\"Inter\""),
                QStringLiteral("font-family=\"Inter, Helvetica, Arial, sans-serif\""));
    return svg;
}

QString paragraphs(const ReportText& text) {
    QString html;
    for (const QString& paragraph : text.text.split(QStringLiteral("\n\n"), Qt::SkipEmptyParts)) {
        html += QStringLiteral("<p%1>%2</p>\n")
                    .arg(text.muted ? QStringLiteral(" class=\"muted\"") : QString(), escaped(paragraph));
    }
    return html;
}

QString tableOf(const ReportTable& table) {
    const auto isNumber = [&](std::size_t column) {
        return column < table.numeric.size() && table.numeric[column];
    };
    QString html = QStringLiteral("<div class=\"scroll\"><table>\n");
    if (!table.caption.isEmpty()) {
        html += QStringLiteral("<caption>%1</caption>\n").arg(escaped(table.caption));
    }
    html += QStringLiteral("<thead><tr>");
    for (int column = 0; column < table.header.size(); ++column) {
        html += QStringLiteral("<th scope=\"col\"%1>%2</th>")
                    .arg(isNumber(static_cast<std::size_t>(column)) ? QStringLiteral(" class=\"number\"")
                                                                    : QString(),
                         escaped(table.header[column]));
    }
    html += QStringLiteral("</tr></thead>\n<tbody>\n");
    for (const std::vector<ReportCell>& row : table.rows) {
        html += QStringLiteral("<tr>");
        for (std::size_t column = 0; column < row.size(); ++column) {
            const QString text = row[column].strong
                                     ? QStringLiteral("<b>%1</b>").arg(escaped(row[column].text))
                                     : escaped(row[column].text);
            const QString kind = column == 0 ? QStringLiteral("th scope=\"row\"") : QStringLiteral("td");
            html += QStringLiteral("<%1%2>%3</%4>")
                        .arg(kind, isNumber(column) ? QStringLiteral(" class=\"number\"") : QString(), text,
                             column == 0 ? QStringLiteral("th") : QStringLiteral("td"));
        }
        html += QStringLiteral("</tr>\n");
    }
    html += QStringLiteral("</tbody></table></div>\n");
    return html + (table.note.isEmpty()
                       ? QString()
                       : QStringLiteral("<p class=\"muted\">%1</p>\n").arg(escaped(table.note)));
}

class HtmlWriter {
public:
    explicit HtmlWriter(const ReportPulse& pulse) : pulse_(pulse) {}

    QString block(const ReportBlock& block) {
        if (pulse_) {
            pulse_();
        }
        return std::visit([&](const auto& item) { return put(item); }, block);
    }

private:
    QString put(const ReportText& text) { return paragraphs(text); }
    QString put(const ReportTable& table) { return tableOf(table); }
    QString put(const ReportVerdicts& verdicts) {
        QString html;
        for (const ReportVerdict& verdict : verdicts.items) {
            html += QStringLiteral("<article class=\"verdict %1\"><h3><span class=\"mark\">%2</span>%3</h3>"
                                   "<p>%4</p><p class=\"test\">%5</p></article>\n")
                        .arg(toneClass(verdict.tone), escaped(toneWord(verdict.tone)), escaped(verdict.title),
                             escaped(verdict.text), escaped(verdict.test));
        }
        return html;
    }
    QString put(const ReportFacts& facts) {
        QString html = QStringLiteral("<dl>\n");
        for (const auto& [name, value] : facts.items) {
            html += QStringLiteral("<dt>%1</dt><dd>%2</dd>\n").arg(escaped(name), escaped(value));
        }
        return html + QStringLiteral("</dl>\n");
    }
    QString put(const ReportFigure& figure) {
        return QStringLiteral("<figure>%1<figcaption>%2</figcaption></figure>\n")
            .arg(svgOf(figure, QStringLiteral("f%1-").arg(++figures_)), escaped(figure.caption));
    }

    const ReportPulse& pulse_;
    int figures_ = 0;
};

} // namespace

QString toneWord(ReportTone tone) {
    switch (tone) {
    case ReportTone::good:
        return tr("Good");
    case ReportTone::caution:
        return tr("Caution");
    case ReportTone::bad:
        return tr("Bad");
    case ReportTone::note:
        break;
    }
    return tr("Note");
}

QByteArray reportHtml(const ReportDocument& document, const ReportPulse& pulse) {
    QString html =
        QStringLiteral("<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n"
                       "<head><meta charset=\"utf-8\"/>"
                       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>"
                       "<meta name=\"color-scheme\" content=\"light dark\"/>"
                       "<meta name=\"generator\" content=\"%1 %2\"/>\n<title>%3</title>\n<style>\n")
            .arg(QCoreApplication::applicationName(), QCoreApplication::applicationVersion(),
                 escaped(document.title)) +
        style() + QStringLiteral("</style></head>\n<body><main>\n<header><h1>") + escaped(document.title) +
        QStringLiteral("</h1>\n<p class=\"subtitle\">") + escaped(document.subtitle) +
        QStringLiteral("</p></header>\n<nav aria-label=\"%1\"><ol>").arg(tr("Contents"));
    for (std::size_t i = 0; i < document.sections.size(); ++i) {
        html += QStringLiteral("<li><a href=\"#s%1\">%2</a></li>")
                    .arg(i)
                    .arg(escaped(document.sections[i].title));
    }
    html += QStringLiteral("</ol></nav>\n");
    HtmlWriter writer(pulse);
    for (std::size_t i = 0; i < document.sections.size(); ++i) {
        html += QStringLiteral("<section id=\"s%1\"><h2>%2</h2>\n")
                    .arg(i)
                    .arg(escaped(document.sections[i].title));
        for (const ReportBlock& block : document.sections[i].blocks) {
            html += writer.block(block);
        }
        html += QStringLiteral("</section>\n");
    }
    html += QStringLiteral("<section><h2>%1</h2><pre>%2</pre></section>\n</main></body></html>\n")
                .arg(tr("Provenance record"), escaped(document.provenance));
    return html.toUtf8();
}

} // namespace ember

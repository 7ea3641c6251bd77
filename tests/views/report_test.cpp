// The two files of a report, from one document.

#include <QBuffer>
#include <QFile>
#include <QPainter>
#include <QTemporaryDir>
#include <QXmlStreamReader>

#include <gmock/gmock.h>

#include "core/base/error.hpp"
#include "views/report/report_document.hpp"

namespace {

using namespace ember;
using testing::HasSubstr;

ReportDocument sample(int rows) {
    ReportFigure figure;
    figure.caption = "A & B";
    figure.alternative = "Two \"shapes\"";
    figure.size = {300, 200};
    figure.draw = [](QPainter& painter, const QRectF& rect, double) {
        painter.fillRect(rect, Qt::white);
        painter.drawText(rect, "Krt5 < Il1b");
    };
    ReportTable table;
    table.caption = "Genes";
    table.header = {"Gene", "Change"};
    table.numeric = {false, true};
    for (int row = 0; row < rows; ++row) {
        table.rows.push_back({QStringLiteral("Gene%1").arg(row), ReportCell("1.2", row == 3)});
    }
    ReportDocument document;
    document.title = "Models <1> & <2>";
    document.subtitle = "cells.h5ad";
    document.provenance = "{\"seed\": 42}";
    document.sections = {
        {"In short", {ReportVerdicts{{{ReportTone::bad, "A does not predict", "r = 0.03", "18 mice"}}}}},
        {"Figures", {figure, table, ReportFacts{{{"File", "a<b>.h5ad"}}}, ReportText{"One.\n\nTwo.", true}}}};
    return document;
}

QStringList elements(const QByteArray& html, const QString& name) {
    QXmlStreamReader reader(html);
    QStringList found;
    while (!reader.atEnd()) {
        if (reader.readNext() == QXmlStreamReader::StartElement && reader.name() == name) {
            found << reader.attributes().value("aria-label").toString();
        }
    }
    EXPECT_FALSE(reader.hasError()) << reader.errorString().toStdString() << " in line "
                                    << reader.lineNumber();
    return found;
}

int pagesOf(const QByteArray& pdf) {
    return static_cast<int>(pdf.count("/Type /Page\n"));
}

TEST(ReportHtml, IsWellFormedAndComplete) {
    const QByteArray html = reportHtml(sample(10));
    EXPECT_EQ(elements(html, "table").size(), 1);
    EXPECT_EQ(elements(html, "tr").size(), 11);
    EXPECT_EQ(elements(html, "svg"), QStringList{"Two \"shapes\""});
    EXPECT_TRUE(elements(html, "script").isEmpty());
    EXPECT_THAT(html.toStdString(), HasSubstr("A does not predict"));
    EXPECT_THAT(html.toStdString(), HasSubstr("prefers-color-scheme: dark"));
    EXPECT_THAT(html.toStdString(), HasSubstr("&quot;seed&quot;: 42"));
    EXPECT_THAT(html.toStdString(), HasSubstr("<b>1.2</b>"));
    EXPECT_LT(html.size(), 2'000'000);
}

TEST(ReportHtml, AsksForNothingFromElsewhere) {
    QByteArray html = reportHtml(sample(2));
    for (const char* name :
         {"http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}) {
        html.replace(name, "");
    }
    EXPECT_FALSE(html.contains("http://"));
    EXPECT_FALSE(html.contains("https://"));
}

TEST(ReportPdf, LongTablesGoOnOverPages) {
    const QByteArray small = reportPdf(sample(10)), large = reportPdf(sample(200));
    EXPECT_TRUE(large.startsWith("%PDF-"));
    EXPECT_EQ(pagesOf(small), 1);
    EXPECT_GT(pagesOf(large), 3);
    EXPECT_TRUE(small.contains("provenance.json"));
}

TEST(ReportPdf, StopsBetweenParts) {
    int calls = 0;
    EXPECT_THROW(reportPdf(sample(10),
                           [&] {
                               if (++calls == 3) {
                                   throw Cancelled();
                               }
                           }),
                 Cancelled);
}

TEST(ReportFile, EndingsAndFolders) {
    QTemporaryDir folder;
    const QString html = folder.filePath("r.html");
    writeReport(html, sample(2));
    EXPECT_TRUE(QFile::exists(html));
    EXPECT_THROW(writeReport(folder.filePath("r.docx"), sample(2)), UsageError);
    try {
        writeReport(folder.filePath("none/r.pdf"), sample(2));
        FAIL() << "the folder is missing";
    } catch (const Error& error) {
        EXPECT_EQ(error.class_name(), "CannotWrite");
    }
}

} // namespace

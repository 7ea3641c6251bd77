// Writes a report's file.

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

#include "core/base/error.hpp"
#include "views/report/report_document.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::Report", text);
}

[[noreturn]] void failToWrite(const QString& path, const QString& why) {
    throw Error("CannotWrite", why.toStdString(), {path.toStdString(), {}, {}},
                tr("Choose another folder or free some space").toStdString());
}

} // namespace

void writeReport(const QString& path, const ReportDocument& document, const ReportPulse& pulse) {
    const QString ending = QFileInfo(path).suffix().toLower();
    if (ending != QLatin1String("html") && ending != QLatin1String("pdf")) {
        throw UsageError(tr("The report's name must end in .html or .pdf, not '%1'").arg(path).toStdString(),
                         "Give such a name with --output");
    }
    const QByteArray bytes =
        ending == QLatin1String("pdf") ? reportPdf(document, pulse) : reportHtml(document, pulse);
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit()) {
        failToWrite(path, tr("The file could not be written: %1").arg(file.errorString()));
    }
    QFile read(path);
    if (!read.open(QIODevice::ReadOnly) || read.readAll() != bytes) {
        failToWrite(path, tr("The file was written but could not be read back"));
    }
}

} // namespace ember

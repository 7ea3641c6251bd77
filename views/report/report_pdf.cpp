// A report as A4 pages.

#include <QBuffer>
#include <QCoreApplication>
#include <QGuiApplication>
#include <QPageLayout>
#include <QPageSize>
#include <QPdfWriter>

#include "views/report/report_document.hpp"
#include "views/report/report_pages.hpp"

namespace ember {

namespace {

QByteArray xmpOf(const ReportDocument& document, const QString& creator) {
    return QStringLiteral(
               "<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>"
               "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
               "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" "
               "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" "
               "xmp:CreatorTool=\"%1\"><dc:title><rdf:Alt><rdf:li "
               "xml:lang=\"x-default\">%2</rdf:li></rdf:Alt>"
               "</dc:title><dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">%3</rdf:li></rdf:Alt>"
               "</dc:description></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end=\"w\"?>")
        .arg(creator.toHtmlEscaped(), document.title.toHtmlEscaped(), document.provenance.toHtmlEscaped())
        .toUtf8();
}

int lay(QBuffer& buffer, const ReportDocument& document, int pages, const ReportPulse& pulse) {
    constexpr int resolution = 1200;
    const QString creator = QStringLiteral("%1 %2").arg(QCoreApplication::applicationName(),
                                                        QCoreApplication::applicationVersion());
    QPdfWriter writer(&buffer);
    writer.setTitle(document.title);
    writer.setCreator(creator);
    writer.setResolution(resolution);
    writer.setPageSize(QPageSize(QPageSize::A4));
    writer.setPageMargins(QMarginsF());
    writer.setDocumentXmpMetadata(xmpOf(document, creator));
    writer.addFileAttachment(QStringLiteral("provenance.json"), document.provenance.toUtf8(),
                             QStringLiteral("application/json"));
    ReportPages laid(writer, resolution / 96.0, document, pages, pulse);
    return laid.layOut();
}

} // namespace

QByteArray reportPdf(const ReportDocument& document, const ReportPulse& pulse) {
    // Twice: the first time for the number of pages, which every footer names.
    int pages = 0;
    {
        QByteArray unused;
        QBuffer buffer(&unused);
        buffer.open(QIODevice::WriteOnly);
        pages = lay(buffer, document, 0, pulse);
    }
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    lay(buffer, document, pages, pulse);
    return bytes;
}

} // namespace ember

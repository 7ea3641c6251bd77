#include "widgets/figure_export.hpp"

#include <cmath>

#include <QBuffer>
#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QImage>
#include <QImageReader>
#include <QMarginsF>
#include <QPageLayout>
#include <QPageSize>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>
#include <QSvgRenderer>

#include "core/base/error.hpp"

namespace ember {

namespace {

constexpr double unitsPerInch = 96;
constexpr double mmPerInch = 25.4;

QString tr(const char* text) {
    return QCoreApplication::translate("ember::FigureExport", text);
}

[[noreturn]] void failToWrite(const QString& path, const QString& why) {
    throw Error("CannotWrite", why.toStdString(), {path.toStdString(), {}, {}},
                tr("Choose another folder or free some space.").toStdString());
}

QSize unitsOf(const FigureOptions& options) {
    return {static_cast<int>(std::lround(options.size_mm.width() / mmPerInch * unitsPerInch)),
            static_cast<int>(std::lround(options.size_mm.height() / mmPerInch * unitsPerInch))};
}

QString creator() {
    return QStringLiteral("%1 %2").arg(QCoreApplication::applicationName(),
                                       QCoreApplication::applicationVersion());
}

QByteArray pngOf(const Figure& figure, const FigureOptions& options) {
    const QSize units = unitsOf(options);
    const double scale = options.dpi / unitsPerInch;
    QImage image((QSizeF(units) * scale).toSize(), QImage::Format_ARGB32_Premultiplied);
    if (image.isNull())
        throw ResourceError("NoMemory",
                            tr("There is not enough memory for a figure of this size.").toStdString(), {},
                            tr("Choose a smaller size or resolution.").toStdString());
    image.fill(Qt::white);
    figure.draw(image, scale, units);
    const int dotsPerMeter = static_cast<int>(std::lround(options.dpi / mmPerInch * 1000));
    image.setDotsPerMeterX(dotsPerMeter);
    image.setDotsPerMeterY(dotsPerMeter);
    image.setText(QStringLiteral("Title"), figure.title);
    image.setText(QStringLiteral("Software"), creator());
    if (!figure.provenance.isEmpty())
        image.setText(QStringLiteral("Provenance"), figure.provenance);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

QByteArray svgOf(const Figure& figure, const FigureOptions& options) {
    const QSize units = unitsOf(options);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setResolution(static_cast<int>(unitsPerInch));
    generator.setSize(units);
    generator.setViewBox(QRect(QPoint(), units));
    // Qt 6.4 writes both unescaped, later ones may not: marks are put in, and replaced here.
    const QByteArray titleMark = "emberview-title", provenanceMark = "emberview-provenance";
    generator.setTitle(QString::fromLatin1(titleMark));
    generator.setDescription(QString::fromLatin1(provenanceMark));
    figure.draw(generator, 1, units);
    // Where the bundled font is not installed, a viewer should not fall back to one with serifs.
    bytes.replace("font-family=\"Inter\"", "font-family=\"Inter, Helvetica, Arial, sans-serif\"");
    bytes.replace(titleMark, figure.title.toHtmlEscaped().toUtf8());
    bytes.replace(provenanceMark, figure.provenance.toHtmlEscaped().toUtf8());
    return bytes;
}

/// An XMP packet (ISO 16684-1) with title, program and provenance.
QByteArray xmpOf(const Figure& figure) {
    return QStringLiteral(
               "<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>"
               "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
               "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" "
               "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" "
               "xmp:CreatorTool=\"%1\"><dc:title><rdf:Alt><rdf:li "
               "xml:lang=\"x-default\">%2</rdf:li></rdf:Alt>"
               "</dc:title><dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">%3</rdf:li></rdf:Alt>"
               "</dc:description></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end=\"w\"?>")
        .arg(creator().toHtmlEscaped(), figure.title.toHtmlEscaped(), figure.provenance.toHtmlEscaped())
        .toUtf8();
}

QByteArray pdfOf(const Figure& figure, const FigureOptions& options) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    constexpr int resolution = 1200;
    {
        QPdfWriter writer(&buffer);
        writer.setTitle(figure.title);
        writer.setCreator(creator());
        writer.setResolution(resolution);
        writer.setPageSize(QPageSize(options.size_mm, QPageSize::Millimeter, {}, QPageSize::ExactMatch));
        writer.setPageMargins(QMarginsF());
        writer.setDocumentXmpMetadata(xmpOf(figure));
        if (!figure.provenance.isEmpty())
            writer.addFileAttachment(QStringLiteral("provenance.json"), figure.provenance.toUtf8(),
                                     QStringLiteral("application/json"));
        figure.draw(writer, resolution / unitsPerInch, unitsOf(options));
    }
    return bytes;
}

void writeBytes(const QString& path, const QByteArray& bytes) {
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        failToWrite(path, tr("The file could not be written: %1.").arg(file.errorString()));
}

bool readsBack(const QString& path, FigureFormat format) {
    switch (format) {
    case FigureFormat::png: {
        QImageReader reader(path);
        return !reader.read().isNull();
    }
    case FigureFormat::svg:
        return QSvgRenderer(path).isValid();
    case FigureFormat::pdf: {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly))
            return false;
        const QByteArray all = file.readAll();
        return all.startsWith("%PDF-") && all.trimmed().endsWith("%%EOF");
    }
    }
    return false;
}

} // namespace

FigureFormat figureFormatOf(const QString& path) {
    const QString ending = QFileInfo(path).suffix().toLower();
    if (ending == QLatin1String("svg"))
        return FigureFormat::svg;
    return ending == QLatin1String("pdf") ? FigureFormat::pdf : FigureFormat::png;
}

void writeFigure(const QString& path, const Figure& figure, const FigureOptions& options) {
    const FigureFormat format = figureFormatOf(path);
    const QByteArray bytes = format == FigureFormat::png   ? pngOf(figure, options)
                             : format == FigureFormat::svg ? svgOf(figure, options)
                                                           : pdfOf(figure, options);
    writeBytes(path, bytes);
    if (!readsBack(path, format))
        failToWrite(path, tr("The file was written but could not be read back."));
}

void writeTextFile(const QString& path, const QString& text, const QString& provenance) {
    const QByteArray bytes = text.toUtf8();
    writeBytes(path, bytes);
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly) || file.readAll() != bytes)
        failToWrite(path, tr("The file was written but could not be read back."));
    if (!provenance.isEmpty())
        writeBytes(path + QStringLiteral(".json"), provenance.toUtf8());
}

} // namespace ember

#include "app/window/session_selections.hpp"

#include <cstring>

#include <QJsonObject>
#include <QtEndian>

#include "core/base/error.hpp"

namespace ember {

namespace {

constexpr auto word_bytes = static_cast<qsizetype>(sizeof(quint64));
constexpr int fast = 1; ///< long runs of zeros and ones gain nothing from more
constexpr qint64 most_cells = 1'000'000'000;
constexpr qsizetype header_bytes = 4; ///< qCompress() puts the length in front of zlib's stream

Error badSelection(const QString& name, const char* what) {
    const std::string which = name.isEmpty() ? "A selection" : "The selection '" + name.toStdString() + "'";
    return {"BadSession", which + " of the session " + what, {}, "Open the data files themselves"};
}

QString bitsOf(const CellSelection& selection) {
    const auto words = selection.words();
    QByteArray bytes(static_cast<qsizetype>(words.size()) * word_bytes, Qt::Uninitialized);
    char* place = bytes.data();
    for (const std::uint64_t word : words) {
        qToLittleEndian<quint64>(word, place);
        place += word_bytes;
    }
    return QString::fromLatin1(qCompress(bytes, fast).toBase64());
}

SavedSelection selectionFrom(const QJsonObject& json) {
    SavedSelection saved{json["name"].toString(), json["cells"].toString(), json["file"].toString(), {}};
    const qint64 cells = json["size"].toInteger(-1);
    if (saved.cells.isEmpty() || cells < 0 || cells > most_cells) {
        throw badSelection(saved.name, "does not say which cells it is of");
    }
    const qsizetype expected = (cells + 63) / 64 * word_bytes;
    const QByteArray packed = QByteArray::fromBase64(json["bits"].toString().toLatin1());
    // The length in front is believed only after it is the expected one: nothing larger is ever allocated.
    if (packed.size() < header_bytes || qFromBigEndian<quint32>(packed.constData()) != expected) {
        throw badSelection(saved.name, "is damaged");
    }
    const QByteArray bytes = expected == 0 ? QByteArray() : qUncompress(packed);
    if (bytes.size() != expected) {
        throw badSelection(saved.name, "is damaged");
    }
    saved.selection = CellSelection(static_cast<std::size_t>(cells));
    const char* place = bytes.constData();
    for (std::uint64_t& word : saved.selection.writable_words()) {
        word = qFromLittleEndian<quint64>(place);
        place += word_bytes;
    }
    saved.selection.trim();
    return saved;
}

} // namespace

QJsonArray selectionsToJson(const QList<SavedSelection>& selections) {
    QJsonArray all;
    for (const SavedSelection& saved : selections) {
        QJsonObject json{{"cells", saved.cells},
                         {"file", saved.file},
                         {"size", static_cast<qint64>(saved.selection.size())},
                         {"count", static_cast<qint64>(saved.selection.count())},
                         {"bits", bitsOf(saved.selection)}};
        if (!saved.name.isEmpty()) {
            json["name"] = saved.name;
        }
        all.append(json);
    }
    return all;
}

QList<SavedSelection> selectionsFromJson(const QJsonArray& json) {
    QList<SavedSelection> all;
    for (const QJsonValue& one : json) {
        all.append(selectionFrom(one.toObject()));
    }
    return all;
}

} // namespace ember

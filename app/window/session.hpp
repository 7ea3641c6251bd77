#pragma once
// All that the window needs to come back as it was, as one plain value. File format: JSON, `.emberview`.

#include <QByteArray>
#include <QJsonObject>
#include <QList>
#include <QMap>
#include <QString>

#include "views/selections.hpp"

namespace ember {

/// An open document. A prediction is named by the file that `infer` wrote.
struct SessionDocument {
    DocumentKind kind = DocumentKind::none;
    QString path;
    QJsonObject schema;           ///< field → [value, reason]; empty for models
    QString modelPath, inputPath; ///< of a prediction
    QString cells;                ///< DatasetDocument::cells; empty for models
    bool operator==(const SessionDocument&) const = default;
};

struct Session {
    QList<SessionDocument> documents; ///< in the order they were opened
    DocumentKind currentKind = DocumentKind::none;
    QString currentPath;
    QString currentView;              ///< name in the ViewRegistry; empty: welcome page
    QString theme;                    ///< "system", "light", "dark"
    QMap<QString, QJsonObject> views; ///< View::settings() by name
    QMap<QString, QString> shown;     ///< path of the document that each view shows
    SelectionState selections;
    QByteArray geometry, docks; ///< QMainWindow's saveGeometry() and saveState()
    bool operator==(const Session&) const = default;
};

QJsonObject schemaToJson(const Schema& schema);
/// Fields that `json` lacks keep what `guess` says.
Schema schemaFromJson(const QJsonObject& json, Schema guess);

QJsonObject sessionToJson(const Session& session);
/// Unknown members are ignored, so that newer files open. Throws Error `BadSession`.
Session sessionFromJson(const QJsonObject& json);

/// Replaces the file whole. Throws Error `CannotWrite` or `NoSpace`.
void saveSession(const Session& session, const QString& path);
/// Throws Error `MissingFile` or `BadSession`.
Session loadSession(const QString& path);

bool isSessionFile(const QString& path);

} // namespace ember

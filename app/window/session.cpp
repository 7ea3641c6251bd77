#include "app/window/session.hpp"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

#include "app/window/session_selections.hpp"
#include "core/base/atomic_file.hpp"
#include "core/base/error.hpp"

namespace ember {

namespace {

constexpr int formatVersion = 1;

struct SchemaField {
    const char* name;
    SchemaEntry Schema::*entry;
};
constexpr SchemaField schemaFields[] = {
    {"pert_col", &Schema::pert_col},           {"control_pert", &Schema::control_pert},
    {"celltype_col", &Schema::celltype_col},   {"batch_col", &Schema::batch_col},
    {"timepoint_col", &Schema::timepoint_col}, {"replicate_col", &Schema::replicate_col},
    {"embed_key", &Schema::embed_key}};

const QMap<DocumentKind, QString>& kindNames() {
    static const QMap<DocumentKind, QString> names{{DocumentKind::none, ""},
                                                   {DocumentKind::dataset, "dataset"},
                                                   {DocumentKind::model, "model"},
                                                   {DocumentKind::prediction, "prediction"}};
    return names;
}

Error badSession(const std::string& what, const QString& path = {}) {
    return {"BadSession",
            what,
            {path.toStdString(), {}, {}},
            "Choose a .emberview file that Emberview saved, or open the data files themselves"};
}

QString textOf(const QJsonObject& json, const char* key) {
    const QJsonValue value = json[QLatin1String(key)];
    if (!value.isUndefined() && !value.isString()) {
        throw badSession(std::string("The member '") + key + "' of the session is not text");
    }
    return value.toString();
}

QJsonObject documentToJson(const SessionDocument& document) {
    QJsonObject json{{"kind", kindNames()[document.kind]}, {"path", document.path}};
    if (!document.schema.isEmpty()) {
        json["schema"] = document.schema;
    }
    if (!document.cells.isEmpty()) {
        json["cells"] = document.cells;
    }
    if (document.kind == DocumentKind::prediction) {
        json["model"] = document.modelPath;
        json["input"] = document.inputPath;
    }
    return json;
}

SessionDocument documentFromJson(const QJsonValue& value) {
    const QJsonObject json = value.toObject();
    SessionDocument document{kindNames().key(textOf(json, "kind")),
                             textOf(json, "path"),
                             json["schema"].toObject(),
                             textOf(json, "model"),
                             textOf(json, "input"),
                             textOf(json, "cells")};
    if (document.kind == DocumentKind::none || document.path.isEmpty()) {
        throw badSession("A document of the session has no kind or no path");
    }
    return document;
}

} // namespace

QJsonObject schemaToJson(const Schema& schema) {
    QJsonObject json;
    for (const SchemaField& field : schemaFields) {
        const SchemaEntry& entry = schema.*field.entry;
        json[field.name] =
            QJsonArray{QString::fromStdString(entry.value), QString::fromStdString(entry.reason)};
    }
    return json;
}

Schema schemaFromJson(const QJsonObject& json, Schema guess) {
    for (const SchemaField& field : schemaFields) {
        if (const QJsonArray pair = json[field.name].toArray(); pair.size() == 2) {
            guess.*field.entry = {pair[0].toString().toStdString(), pair[1].toString().toStdString()};
        }
    }
    return guess;
}

QJsonObject sessionToJson(const Session& session) {
    QJsonArray documents;
    for (const SessionDocument& document : session.documents) {
        documents.append(documentToJson(document));
    }
    QJsonObject views;
    for (auto view = session.views.begin(); view != session.views.end(); ++view) {
        views[view.key()] = view.value();
    }
    QJsonObject shown;
    for (auto view = session.shown.begin(); view != session.shown.end(); ++view) {
        shown[view.key()] = view.value();
    }
    return {{"emberview_session", formatVersion},
            {"documents", documents},
            {"current", QJsonObject{{"kind", kindNames()[session.currentKind]},
                                    {"path", session.currentPath},
                                    {"view", session.currentView}}},
            {"theme", session.theme},
            {"views", views},
            {"shown", shown},
            {"selected", selectionsToJson(session.selections.current)},
            {"selections", selectionsToJson(session.selections.named)},
            {"geometry", QString::fromLatin1(session.geometry.toBase64())},
            {"docks", QString::fromLatin1(session.docks.toBase64())}};
}

Session sessionFromJson(const QJsonObject& json) {
    if (const int version = json["emberview_session"].toInt(); version < 1) {
        throw badSession("The file is not an Emberview session");
    } else if (version > formatVersion) {
        throw badSession("The session was saved by a newer Emberview");
    }
    Session session;
    for (const QJsonValue& document : json["documents"].toArray()) {
        session.documents.append(documentFromJson(document));
    }
    const QJsonObject current = json["current"].toObject();
    session.currentKind = kindNames().key(textOf(current, "kind"));
    session.currentPath = textOf(current, "path");
    session.currentView = textOf(current, "view");
    session.theme = textOf(json, "theme");
    const QJsonObject views = json["views"].toObject();
    for (auto view = views.begin(); view != views.end(); ++view) {
        session.views[view.key()] = view.value().toObject();
    }
    const QJsonObject shown = json["shown"].toObject();
    for (auto view = shown.begin(); view != shown.end(); ++view) {
        session.shown[view.key()] = view.value().toString();
    }
    session.selections = {selectionsFromJson(json["selected"].toArray()),
                          selectionsFromJson(json["selections"].toArray())};
    session.geometry = QByteArray::fromBase64(textOf(json, "geometry").toLatin1());
    session.docks = QByteArray::fromBase64(textOf(json, "docks").toLatin1());
    return session;
}

void saveSession(const Session& session, const QString& path) {
    const QByteArray text = QJsonDocument(sessionToJson(session)).toJson();
    write_file_atomically(path.toStdString(), {text.constData(), static_cast<std::size_t>(text.size())});
}

Session loadSession(const QString& path) {
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        throw Error("MissingFile", "The session cannot be read: " + file.errorString().toStdString(),
                    {path.toStdString(), {}, {}}, "Check the path and the permissions");
    }
    QJsonParseError fault;
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll(), &fault);
    if (!document.isObject()) {
        throw badSession("The session is not JSON: " + fault.errorString().toStdString(), path);
    }
    try {
        return sessionFromJson(document.object());
    } catch (const Error& error) {
        throw badSession(error.message(), path);
    }
}

bool isSessionFile(const QString& path) {
    return path.endsWith(".emberview", Qt::CaseInsensitive);
}

} // namespace ember

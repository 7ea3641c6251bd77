#include "app/window/session_keeper.hpp"

#include <algorithm>

#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>
#include <QTimer>

namespace ember {

namespace {
constexpr int interval_ms = 30'000;
}

SessionKeeper::SessionKeeper(std::function<Session()> current, QObject* parent)
    : QObject(parent), current_(std::move(current)) {
    auto* timer = new QTimer(this);
    connect(timer, &QTimer::timeout, this, &SessionKeeper::save);
    timer->start(interval_ms);
}

QString SessionKeeper::path() const {
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) +
           "/emberview/last.emberview";
}

std::optional<Session> SessionKeeper::last() const {
    if (!QFileInfo::exists(path())) {
        return std::nullopt;
    }
    try {
        Session session = loadSession(path());
        const bool present =
            std::any_of(session.documents.begin(), session.documents.end(),
                        [](const SessionDocument& document) { return QFileInfo::exists(document.path); });
        return present ? std::optional(session) : std::nullopt;
    } catch (const std::exception&) {
        return std::nullopt; // an offer that cannot be kept is not made
    }
}

QString SessionKeeper::describe(const Session& session) {
    constexpr qsizetype named = 2;
    QStringList names;
    for (const SessionDocument& document : session.documents.mid(0, named)) {
        names << QFileInfo(document.path).completeBaseName();
    }
    const QString list = names.join(", ");
    const qsizetype others = session.documents.size() - names.size();
    return others > 0 ? tr("%1 and %2 more").arg(list).arg(others) : list;
}

void SessionKeeper::save() {
    Session session = current_();
    if (session.documents.isEmpty() || session == saved_) {
        return;
    }
    try {
        QDir().mkpath(QFileInfo(path()).absolutePath());
        saveSession(session, path());
        saved_ = std::move(session);
    } catch (const std::exception& error) {
        qWarning("The session could not be saved: %s", error.what());
    }
}

} // namespace ember

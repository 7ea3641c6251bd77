#include "app/window/session_files.hpp"

#include <algorithm>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLockFile>
#include <QStandardPaths>
#include <QUuid>

#include "core/base/error.hpp"

namespace ember {

namespace {

const QString runningPattern = QStringLiteral("running-*.emberview");
constexpr int keptDays = 30;

QString lockOf(const QString& path) {
    return path + ".lock";
}

/// The lock of a program that is gone counts as free, however young it is.
bool isInUse(const QString& path) {
    QLockFile lock(lockOf(path));
    lock.setStaleLockTime(0);
    return !lock.tryLock(0);
}

std::optional<SessionOffer> offerFrom(const QString& path) {
    try {
        SessionOffer offer{loadSession(path), QFileInfo(path).lastModified(), path};
        const auto& documents = offer.session.documents;
        const bool present =
            std::any_of(documents.begin(), documents.end(),
                        [](const SessionDocument& document) { return QFileInfo::exists(document.path); });
        return present ? std::optional(std::move(offer)) : std::nullopt;
    } catch (const Error&) {
        return std::nullopt; // an offer that cannot be kept is not made
    }
}

} // namespace

QString sessionFolder() {
    const QString folder =
        QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + "/emberview";
    QDir().mkpath(folder);
    return folder;
}

QString lastSessionPath(const QString& folder) {
    return folder + "/last.emberview";
}

SessionOffers findSessionOffers(const QString& folder) {
    SessionOffers offers;
    const QFileInfoList left =
        QDir(folder).entryInfoList({runningPattern}, QDir::Files, QDir::Time); // newest first
    for (const QFileInfo& file : left) {
        const QString path = file.absoluteFilePath();
        if (isInUse(path)) {
            continue;
        }
        const bool old = file.lastModified().daysTo(QDateTime::currentDateTime()) > keptDays;
        std::optional<SessionOffer> offer = old ? std::nullopt : offerFrom(path);
        if (!offer) {
            QFile::remove(path);
        } else if (!offers.crashed) {
            offers.crashed = std::move(offer);
        }
    }
    offers.last = offerFrom(lastSessionPath(folder));
    return offers;
}

RunningSession::RunningSession(const QString& folder)
    : path_(QString("%1/running-%2.emberview")
                .arg(folder, QUuid::createUuid().toString(QUuid::WithoutBraces))) {}

RunningSession::~RunningSession() = default;

void RunningSession::write(const Session& session) {
    if (!lock_) {
        lock_ = std::make_unique<QLockFile>(lockOf(path_));
        lock_->setStaleLockTime(0);
        lock_->tryLock(0);
    }
    saveSession(session, path_);
}

void RunningSession::remove() {
    QFile::remove(path_);
    lock_.reset();
}

} // namespace ember

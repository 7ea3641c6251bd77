#include "app/window/session_keeper.hpp"

#include <QFile>
#include <QFileInfo>
#include <QTimer>

#include "core/base/error.hpp"

namespace ember {

namespace {
constexpr int quiet_ms = 5'000;
constexpr int latest_ms = 30'000; ///< also for what changes without saying so, like the docks
} // namespace

SessionKeeper::SessionKeeper(std::function<Session()> current, QObject* parent)
    : QObject(parent),
      current_(std::move(current)),
      folder_(sessionFolder()),
      quiet_(new QTimer(this)),
      regular_(new QTimer(this)),
      running_(std::make_shared<RunningSession>(folder_)) {
    setObjectName("sessionKeeper");
    writer_.setMaxThreadCount(1);
    quiet_->setSingleShot(true);
    connect(quiet_, &QTimer::timeout, this, &SessionKeeper::save);
    connect(regular_, &QTimer::timeout, this, &SessionKeeper::save);
    regular_->start(latest_ms);
}

SessionKeeper::~SessionKeeper() {
    writer_.waitForDone();
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

void SessionKeeper::look() {
    writer_.start([this, folder = folder_] {
        SessionOffers offers = findSessionOffers(folder);
        QMetaObject::invokeMethod(
            this, [this, offers = std::move(offers)] { emit offered(offers); }, Qt::QueuedConnection);
    });
}

void SessionKeeper::adopt(const SessionOffer& offer) {
    if (offer.path != lastSessionPath(folder_)) {
        adopted_ = offer.path;
    }
    noteChange();
}

void SessionKeeper::discard(const SessionOffer& offer) {
    writer_.start([path = offer.path] { QFile::remove(path); });
    look();
}

void SessionKeeper::noteChange() {
    if (!sinceFirst_.isValid()) {
        sinceFirst_.start();
    }
    if (sinceFirst_.elapsed() < latest_ms - quiet_ms || !quiet_->isActive()) {
        quiet_->start(quiet_ms);
    }
}

void SessionKeeper::write(std::function<void()> work) {
    writer_.start([this, work = std::move(work)] {
        try {
            work();
            QMetaObject::invokeMethod(this, &SessionKeeper::saved, Qt::QueuedConnection);
        } catch (const Error& error) {
            QMetaObject::invokeMethod(
                this,
                [this, fault = JobError::from(error)] {
                    if (!std::exchange(warned_, true)) {
                        Message message = messageFrom(fault);
                        message.text = tr("The session cannot be saved by itself: %1").arg(message.text);
                        emit failed(message);
                    }
                },
                Qt::QueuedConnection);
        }
    });
}

void SessionKeeper::save() {
    quiet_->stop();
    sinceFirst_.invalidate();
    Session session = current_();
    if (session == saved_) {
        return;
    }
    saved_ = session;
    write([session = std::move(session), running = running_, adopted = std::exchange(adopted_, {})] {
        if (session.documents.isEmpty()) {
            running->remove();
            return;
        }
        running->write(session);
        if (!adopted.isEmpty()) {
            QFile::remove(adopted);
        }
    });
}

void SessionKeeper::finish() {
    quiet_->stop();
    regular_->stop();
    write(
        [session = current_(), running = running_, folder = folder_, adopted = std::exchange(adopted_, {})] {
            if (!session.documents.isEmpty()) {
                saveSession(session, lastSessionPath(folder));
                if (!adopted.isEmpty()) {
                    QFile::remove(adopted);
                }
            }
            running->remove();
        });
    writer_.waitForDone();
}

} // namespace ember

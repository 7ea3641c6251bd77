#pragma once
// Saves the session by itself, so that the next start can offer it, also after a crash.

#include <functional>
#include <memory>

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <QThreadPool>

#include "app/window/session_files.hpp"
#include "views/workspace.hpp"

class QTimer;

namespace ember {

/// Files are read and written in a thread of its own, one after the other.
class SessionKeeper : public QObject {
    Q_OBJECT
public:
    /// `current` is asked for the session.
    SessionKeeper(std::function<Session()> current, QObject* parent = nullptr);
    ~SessionKeeper() override; ///< waits for what is being written; without finish() as after a crash

    /// "wound_demo, st_wound and 3 more".
    static QString describe(const Session& session);

    /// Looks for what can be offered; ends with offered().
    void look();
    /// The offer was taken: its file goes once this run's session is on disk.
    void adopt(const SessionOffer& offer);
    void discard(const SessionOffer& offer);

public slots:
    /// Saves some seconds after the last change, at the latest half a minute after the first.
    void noteChange();
    /// Saves now, if the session differs from the one saved before.
    void save();
    /// The program ends properly: leaves the session for the next start. Waits until it is on disk.
    void finish();

signals:
    void offered(const ember::SessionOffers& offers);
    void saved();
    void failed(const ember::Message& message); ///< once

private:
    void write(std::function<void()> work);
    std::function<Session()> current_;
    Session saved_;
    QString folder_;
    QTimer *quiet_, *regular_;
    QElapsedTimer sinceFirst_; ///< valid while a change is not saved
    bool warned_ = false;
    QString adopted_;                         ///< file to remove
    std::shared_ptr<RunningSession> running_; ///< used in the pool's thread only
    QThreadPool writer_;
};

} // namespace ember

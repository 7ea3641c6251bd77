#pragma once
// Saves the session by itself, so that the next start can offer it, also after a crash.

#include <functional>
#include <optional>

#include <QObject>
#include <QString>

#include "app/window/session.hpp"

namespace ember {

class SessionKeeper : public QObject {
    Q_OBJECT
public:
    /// `current` is asked for the session; saving happens every half minute when it has changed.
    SessionKeeper(std::function<Session()> current, QObject* parent = nullptr);

    /// The session of the last start, when there was one with documents that still exist.
    std::optional<Session> last() const;
    /// "wound_demo, st_wound and 3 more".
    static QString describe(const Session& session);

public slots:
    void save();

private:
    QString path() const;
    std::function<Session()> current_;
    Session saved_;
};

} // namespace ember

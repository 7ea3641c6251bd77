#pragma once
// Where sessions lie that nobody saved: one per running program, and the one that the last program left.

#include <memory>
#include <optional>

#include <QDateTime>
#include <QString>

#include "app/window/session.hpp"

class QLockFile;

namespace ember {

struct SessionOffer {
    Session session;
    QDateTime saved;
    QString path;
};

struct SessionOffers {
    std::optional<SessionOffer> crashed; ///< the newest that a program left which did not end properly
    std::optional<SessionOffer> last;    ///< of the last proper end
};

/// The user's folder for them; made when missing.
QString sessionFolder();
QString lastSessionPath(const QString& folder);

/// Sessions of which at least one file is still there. Those of running programs are left alone, damaged and
/// very old ones are removed.
SessionOffers findSessionOffers(const QString& folder);

/// The session of this run, under a lock that tells other starts that the program is alive. Without remove()
/// the file stays, as after a crash.
class RunningSession {
public:
    explicit RunningSession(const QString& folder);
    ~RunningSession();

    const QString& path() const { return path_; }
    void write(const Session& session); ///< throws as saveSession()
    void remove();

private:
    QString path_;
    std::unique_ptr<QLockFile> lock_;
};

} // namespace ember

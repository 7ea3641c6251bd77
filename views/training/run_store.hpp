#pragma once
// The runs that the window knows: found in folders, opened or started here; what their files say, and what
// the user has asked of them.

#include <map>
#include <memory>
#include <vector>

#include <QObject>
#include <QString>
#include <QStringList>
#include <QThreadPool>

#include "views/training/run_poller.hpp"
#include "views/workspace.hpp"

namespace ember {

class RunStore : public QObject {
    Q_OBJECT
public:
    /// The one of this workspace; made when first asked for.
    static RunStore& of(Workspace& workspace);
    /// Whether earlier sessions left runs or folders to watch.
    static bool remembersRuns();

    explicit RunStore(Workspace& workspace, bool remember = true);
    ~RunStore() override;

    /// Adds a run directory, or all below a folder, and remembers it.
    void watch(const QString& run);
    void watchFolder(const QString& folder);
    /// As watchFolder(); what was taken off the list there comes back.
    void openFolder(const QString& folder);
    /// Takes a run off the list; its files stay.
    void remove(const QString& run);

    /// Those that train, wait or pause first, then the latest.
    std::vector<RunSnapshotPtr> runs() const;
    RunSnapshotPtr find(const QString& run) const; ///< null when unknown
    int activeCount() const;

    /// Asks the run; what is asked can be read at once, however long the run takes to hear it.
    void ask(const QString& run, RunCommand command);
    RunCommand asked(const QString& run) const;
    void lookNow() { poller_.hurry(); }

signals:
    void changed();                 ///< at most four times a second, and at once after ask() and remove()
    void ended(const QString& run); ///< it was active and is not any more
    void failed(const ember::Message& message);

private:
    void take(const std::vector<RunSnapshotPtr>& changed);
    void rememberNow() const;
    void followDocument(DocumentRef document);

    Workspace& workspace_;
    bool remember_;
    std::map<QString, RunSnapshotPtr> runs_;
    std::map<QString, RunCommand> asked_;
    QStringList watched_, folders_, removed_;
    QThreadPool writer_; ///< of wishes; waits for them at the end
    RunPoller poller_;   ///< last: ends first
};

QString runPath(const RunSnapshot& run);
/// A path as the store keeps it: absolute, without "..".
QString cleanRunPath(const QString& path);

} // namespace ember

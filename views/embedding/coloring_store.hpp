#pragma once
// The colours of cells, per document and choice: read once, as jobs, and kept.

#include <functional>
#include <map>
#include <memory>
#include <set>

#include <QObject>
#include <QPointer>

#include "views/embedding/pane_settings.hpp"
#include "views/workspace.hpp"
#include "widgets/point_colors.hpp"

namespace ember {

struct CellColors {
    enum class State { absent, loading, done, failed };
    State state = State::absent;
    PointColors colors; ///< plain until done
    double share = 0;   ///< of the reading, 0 … 1
    QString problem;
};

class ColoringStore : public QObject {
    Q_OBJECT
public:
    explicit ColoringStore(Workspace& workspace, QObject* parent = nullptr);
    ~ColoringStore() override;

    /// `source`: the values that magnitudes and predicted genes are of.
    static QString keyOf(DocumentRef document, const ColorChoice& choice, const MatrixSource& source);
    const CellColors& colors(const QString& key) const;
    void want(DocumentRef document, const ColorChoice& choice, const MatrixSource& source);
    /// Colours that `make` finds, in a job of this name; `after` follows in the GUI thread.
    void wantMade(const QString& key, DocumentRef document, const QString& name,
                  std::function<PointColors(JobContext&)> make, std::function<void()> after = {});
    /// Colours by magnitude that the statistics' job has made, so that they are not computed again.
    void setMagnitudes(DocumentRef document, const MatrixSource& source, PointColors colors);
    /// Stops reading what no pane wants any more, and forgets what was not wanted for long.
    void keepOnly(const std::set<QString>& keys);

signals:
    void changed(const QString& key);

private:
    struct Entry {
        int document = 0;
        CellColors colors;
        QPointer<Job> job;
    };
    void end(const QString& key, Job* job);
    void forget(DocumentRef document);

    Workspace& workspace_;
    std::map<QString, Entry> entries_;
};

} // namespace ember

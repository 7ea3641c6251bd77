#pragma once
// Where the cells lie, per document and embedding: read or computed once, as jobs, kept until the document
// closes. A UMAP moves while it is computed.

#include <map>
#include <memory>
#include <vector>

#include <QObject>
#include <QPointer>

#include "views/embedding/pane_settings.hpp"
#include "views/workspace.hpp"

namespace ember {

struct CellPoints {
    enum class State { absent, waiting, moving, done, cancelled, failed };
    State state = State::absent;
    std::shared_ptr<const std::vector<float>> xy; ///< [cells × 2], NaN: left out; null before the first
    QString xLabel, yLabel;
    std::uint64_t leftOut = 0; ///< cells with non-finite coordinates or values
    QString activity;          ///< "Neighbours", "Epoch 120 of 500"
    QString problem;           ///< why it failed
    bool isRunning() const { return state == State::waiting || state == State::moving; }
};

class EmbeddingStore : public QObject {
    Q_OBJECT
public:
    explicit EmbeddingStore(Workspace& workspace, QObject* parent = nullptr);
    ~EmbeddingStore() override;

    /// `choice` is resolved; `source` matters to a UMAP only.
    static QString keyOf(DocumentRef document, const EmbeddingChoice& choice, const MatrixSource& source);
    const CellPoints& points(const QString& key) const;

    /// Starts what is absent; with `again`, also what was cancelled or has failed.
    void want(DocumentRef document, const EmbeddingChoice& choice, const MatrixSource& source, bool again);
    void cancel(const QString& key);

signals:
    void changed(const QString& key);

private:
    struct Snapshot;
    struct Entry {
        int document = 0;
        CellPoints points;
        QPointer<Job> job;
        std::shared_ptr<Snapshot> snapshot;
    };
    void take(const QString& key);
    void end(const QString& key, Job* job);
    void forget(DocumentRef document);

    Workspace& workspace_;
    std::map<QString, Entry> entries_;
};

} // namespace ember

#pragma once
// Where the cells of all compared files lie in one plane: computed once per choice, as a job, and kept. A
// UMAP moves while it is computed.

#include <map>
#include <memory>
#include <vector>

#include <QObject>
#include <QPointer>
#include <QRectF>

#include "views/compare/compare_set.hpp"
#include "views/embedding/embedding_store.hpp"
#include "widgets/point_order.hpp"

namespace ember {

/// One layout of several files.
struct MapPoints {
    CellPoints::State state = CellPoints::State::absent;
    std::vector<SharedPoints> parts; ///< [files] each [cells × 2]; empty before the first
    QRectF bounds;                   ///< of all parts; null before the first
    QString xLabel, yLabel, activity, problem;
    std::vector<std::uint64_t> leftOut; ///< [files] cells without a place
    bool isRunning() const {
        return state == CellPoints::State::waiting || state == CellPoints::State::moving;
    }
    bool isDone() const { return state == CellPoints::State::done; }
};

class MapStore : public QObject {
    Q_OBJECT
public:
    explicit MapStore(Workspace& workspace, QObject* parent = nullptr);
    ~MapStore() override;

    static QString keyOf(const MapLayout& layout, const std::vector<const ComparedFile*>& files);
    const MapPoints& points(const QString& key) const;
    /// Starts what is absent; with `again`, also what was cancelled or has failed.
    void want(const MapLayout& layout, const std::vector<const ComparedFile*>& files, bool again);
    void cancel(const QString& key);

signals:
    void changed(const QString& key);

private:
    struct Snapshot;
    struct Entry {
        std::vector<int> documents;
        MapPoints points;
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

#pragma once
// Whether predictions differ between conditions more than under shuffled labels: tested once per document,
// values and columns, as a job.

#include <map>
#include <optional>

#include <QObject>
#include <QPointer>

#include "core/analysis/condition_difference.hpp"
#include "views/workspace.hpp"

namespace ember {

struct ConditionVerdict {
    ConditionDifferenceRequest request;
    ConditionDifferenceResult result;
};

class VerdictStore : public QObject {
    Q_OBJECT
public:
    explicit VerdictStore(Workspace& workspace, QObject* parent = nullptr);
    ~VerdictStore() override;

    /// Null while it is tested, and where nothing can be tested.
    const ConditionVerdict* find(DocumentRef document, const MatrixSource& source) const;
    void want(DocumentRef document, const MatrixSource& source);

signals:
    void ready(ember::DocumentRef document);

private:
    struct Entry {
        int document = 0;
        std::optional<ConditionVerdict> verdict;
        QPointer<Job> job;
        bool asked = false;
    };
    Schema schemaOf(DocumentRef document) const;
    QString keyOf(DocumentRef document, const MatrixSource& source) const;
    void forget(DocumentRef document);

    Workspace& workspace_;
    std::map<QString, Entry> entries_;
};

} // namespace ember

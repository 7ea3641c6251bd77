#include "views/embedding/gene_indexing.hpp"

#include <map>

#include <QPointer>

#include "core/genes/gene_index.hpp"
#include "views/embedding/forget_entries.hpp"

namespace ember {

namespace {

/// One for a workspace, as its child: which matrices have been looked at.
class GeneIndexing : public QObject {
public:
    explicit GeneIndexing(Workspace& workspace) : QObject(&workspace), workspace_(workspace) {
        connect(&workspace, &Workspace::documentClosing, this,
                [this](DocumentRef document) { forgetEntries(entries_, document, this); });
    }

    static GeneIndexing& of(Workspace& workspace) {
        for (QObject* child : workspace.children()) {
            if (auto* indexing = dynamic_cast<GeneIndexing*>(child)) {
                return *indexing;
            }
        }
        return *new GeneIndexing(workspace);
    }

    void want(DocumentRef document, const MatrixSource& source) {
        const QString key = QString("%1/%2").arg(document.id).arg(QString::fromStdString(to_string(source)));
        const DatasetDocument* data = workspace_.dataOf(document);
        if (data == nullptr || entries_.contains(key)) {
            return;
        }
        entries_[key].document = document.id;
        // Whether it pays is asked in a job, because it takes a look at the file.
        Job* look = runJob(
            workspace_, QObject::tr("Looking at %1").arg(QString::fromStdString(to_string(source))),
            [data = data->data, source](JobContext& job) {
                return wants_gene_index(*data->matrix(source)) &&
                       find_gene_index(*data, source, job) == nullptr;
            },
            this,
            [this, key, document, source](bool pays) {
                if (pays) {
                    make(key, document, source);
                }
            });
        look->setReportsFailure(false);
        entries_[key].job = look;
    }

private:
    struct Entry {
        int document = 0;
        QPointer<Job> job;
    };

    void make(const QString& key, DocumentRef document, const MatrixSource& source) {
        const DatasetDocument* data = workspace_.dataOf(document);
        if (data == nullptr || !entries_.contains(key)) {
            return;
        }
        Job* job = runJob(
            workspace_, QObject::tr("Indexing genes of %1").arg(data->name),
            [data = data->data, source](JobContext& context) { make_gene_index(*data, source, context); },
            this, [] {});
        job->setReportsFailure(false);
        entries_[key].job = job;
    }

    Workspace& workspace_;
    std::map<QString, Entry> entries_;
};

} // namespace

void indexGenes(Workspace& workspace, DocumentRef document, const MatrixSource& source) {
    GeneIndexing::of(workspace).want(document, source);
}

} // namespace ember

#include "views/embedding/verdict_store.hpp"

#include "views/embedding/forget_entries.hpp"

#include <QStringList>

namespace ember {

VerdictStore::VerdictStore(Workspace& workspace, QObject* parent) : QObject(parent), workspace_(workspace) {
    connect(&workspace_, &Workspace::documentClosing, this, &VerdictStore::forget);
}

VerdictStore::~VerdictStore() {
    for (const auto& [key, entry] : entries_) {
        if (entry.job) {
            entry.job->cancel();
        }
    }
}

/// With the columns that the model used, where they are known.
Schema VerdictStore::schemaOf(DocumentRef document) const {
    Schema schema = workspace_.dataOf(document)->schema;
    if (document.kind == DocumentKind::prediction) {
        const InferResult& made = workspace_.prediction(document.id)->result;
        schema.pert_col.value = made.pert_col.empty() ? schema.pert_col.value : made.pert_col;
        schema.celltype_col.value = made.celltype_col.empty() ? schema.celltype_col.value : made.celltype_col;
    }
    return schema;
}

QString VerdictStore::keyOf(DocumentRef document, const MatrixSource& source) const {
    QStringList parts = {QString::number(document.id), QString::fromStdString(to_string(source))};
    if (workspace_.dataOf(document) != nullptr) {
        const Schema schema = schemaOf(document);
        for (const SchemaEntry* entry :
             {&schema.pert_col, &schema.celltype_col, &schema.timepoint_col, &schema.replicate_col}) {
            parts << QString::fromStdString(entry->value);
        }
    }
    return parts.join('\n');
}

const ConditionVerdict* VerdictStore::find(DocumentRef document, const MatrixSource& source) const {
    const auto found = entries_.find(keyOf(document, source));
    return found == entries_.end() || !found->second.verdict ? nullptr : &*found->second.verdict;
}

void VerdictStore::want(DocumentRef document, const MatrixSource& source) {
    const DatasetDocument* data = workspace_.dataOf(document);
    if (data == nullptr || schemaOf(document).pert_col.value.empty()) {
        return;
    }
    const QString key = keyOf(document, source);
    Entry& entry = entries_[key];
    if (entry.asked) {
        return;
    }
    entry.asked = true;
    entry.document = document.id;
    entry.job = runJob(
        workspace_, tr("Compare the conditions of %1").arg(data->name),
        [data = data->data, schema = schemaOf(document), source](JobContext& context) {
            ConditionVerdict verdict{difference_request(*data, source, schema), {}};
            verdict.result = compare_conditions(*data, verdict.request, context);
            return verdict;
        },
        this,
        [this, key, document](ConditionVerdict verdict) {
            entries_[key].verdict = std::move(verdict);
            emit ready(document);
        });
}

void VerdictStore::forget(DocumentRef document) {
    forgetEntries(entries_, document, this);
}

} // namespace ember

#include "views/embedding/gene_completion.hpp"

#include <QCompleter>
#include <QCoreApplication>
#include <QLineEdit>

#include "views/embedding/gene_values.hpp"

namespace ember {

void readGeneNames(Workspace& workspace, const DatasetDocument& document, const MatrixSource& source,
                   QObject* guard, std::function<void(const QStringList&)> use) {
    runJob(
        workspace, QCoreApplication::translate("ember::EmbeddingPane", "Gene names of %1").arg(document.name),
        [data = document.data, source](JobContext&) {
            QStringList names;
            for (const std::string& name : column_names(*data, source)) {
                names << QString::fromStdString(name);
            }
            return names;
        },
        guard, std::move(use));
}

QCompleter* completeNames(QLineEdit* field, const QStringList& names) {
    auto* completer = new QCompleter(names, field);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    completer->setFilterMode(Qt::MatchContains);
    completer->setMaxVisibleItems(12);
    field->setCompleter(completer);
    return completer;
}

} // namespace ember

#pragma once
// Which column is what: guessed with a reason, changeable.

#include <map>

#include <QString>
#include <QStringList>
#include <QWidget>

#include "core/analysis/schema_guess.hpp"

class QComboBox;

namespace ember {

class FieldForm;
class FieldRow;

/// Object names: "schemaForm", its combo boxes "schema-pert_col", "schema-control_pert",
/// "schema-celltype_col", "schema-timepoint_col", "schema-batch_col", "schema-replicate_col",
/// "schema-embed_key".
class SchemaForm : public QWidget {
    Q_OBJECT
public:
    explicit SchemaForm(QWidget* parent = nullptr);

    /// Of a new data set; shown by the setSchema() that follows.
    void setChoices(const QStringList& columns, const QStringList& embeddings);
    /// Labels of a column, for the control; may come later than the schema.
    void setLabels(const QString& column, const QStringList& labels);
    void setSchema(const Schema& schema);
    const Schema& schema() const { return schema_; }

signals:
    void schemaChosen(const ember::Schema& schema); ///< by the user

private:
    struct Field {
        SchemaEntry Schema::*entry;
        QComboBox* box;
        FieldRow* row;
    };
    void addField(const char* name, const QString& label, SchemaEntry Schema::*entry, const QString& hint);
    void fill(const Field& field, const QStringList& choices);
    void choose(const Field& field);
    QStringList choicesOf(const Field& field) const;
    void showAll();

    FieldForm* form_;
    std::vector<Field> fields_;
    Schema schema_;
    QStringList columns_, embeddings_;
    std::map<QString, QStringList> labels_;
};

} // namespace ember

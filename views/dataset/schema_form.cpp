#include "views/dataset/schema_form.hpp"

#include <QComboBox>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include "widgets/field_row.hpp"
#include "widgets/theme.hpp"

namespace ember {

SchemaForm::SchemaForm(QWidget* parent) : QWidget(parent), form_(new FieldForm(this)) {
    setObjectName(QStringLiteral("schemaForm"));
    setAccessibleName(tr("What the columns mean"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(form_);
    addField("pert_col", tr("Perturbation"), &Schema::pert_col,
             tr("Column that says what was done to each cell."));
    addField("control_pert", tr("Control"), &Schema::control_pert, tr("Label of the untreated cells."));
    addField("celltype_col", tr("Cell type"), &Schema::celltype_col, tr("Column of the cell types."));
    addField("timepoint_col", tr("Time point"), &Schema::timepoint_col,
             tr("Column of the time points, if any."));
    addField("batch_col", tr("Batch"), &Schema::batch_col, tr("Column of the batches, if any."));
    addField("replicate_col", tr("Replicate"), &Schema::replicate_col,
             tr("Column of the mice or wells, if any."));
    addField("embed_key", tr("Embedding"), &Schema::embed_key, tr("Matrix that a model reads."));
}

void SchemaForm::addField(const char* name, const QString& label, SchemaEntry Schema::*entry,
                          const QString& hint) {
    auto* box = new QComboBox(this);
    box->setObjectName(QStringLiteral("schema-") + QLatin1String(name));
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(10);
    box->setToolTip(hint);
    FieldRow* row = form_->addRow(label, box);
    fields_.push_back({entry, box, row});
    const std::size_t index = fields_.size() - 1;
    connect(box, &QComboBox::activated, this, [this, index] { choose(fields_[index]); });
}

void SchemaForm::setChoices(const QStringList& columns, const QStringList& embeddings) {
    columns_ = columns;
    embeddings_ = embeddings;
    labels_.clear();
}

void SchemaForm::setLabels(const QString& column, const QStringList& labels) {
    labels_[column] = labels;
    if (column == QString::fromStdString(schema_.pert_col.value))
        showAll();
}

void SchemaForm::setSchema(const Schema& schema) {
    schema_ = schema;
    showAll();
}

QStringList SchemaForm::choicesOf(const Field& field) const {
    if (field.entry == &Schema::embed_key)
        return embeddings_;
    if (field.entry != &Schema::control_pert)
        return columns_;
    const auto found = labels_.find(QString::fromStdString(schema_.pert_col.value));
    return found == labels_.end() ? QStringList() : found->second;
}

void SchemaForm::fill(const Field& field, const QStringList& choices) {
    const SchemaEntry& entry = schema_.*field.entry;
    const QString value = QString::fromStdString(entry.value);
    const QSignalBlocker quiet(field.box);
    field.box->clear();
    field.box->addItem(tr("none"), QString());
    for (const QString& choice : choices)
        field.box->addItem(choice, choice);
    int index = value.isEmpty() ? 0 : field.box->findData(value);
    if (index < 0) {
        field.box->addItem(value, value); // its labels are not read yet, or the file lost it
        index = field.box->count() - 1;
    }
    field.box->setCurrentIndex(index);
    field.row->setReason(QString::fromStdString(entry.reason));
}

void SchemaForm::showAll() {
    for (const Field& field : fields_)
        fill(field, choicesOf(field));
}

void SchemaForm::choose(const Field& field) {
    const std::string value = field.box->currentData().toString().toStdString();
    if (value == (schema_.*field.entry).value)
        return;
    const std::string reason = tr("Chosen by you").toStdString();
    schema_.*field.entry = {value, reason};
    if (field.entry == &Schema::pert_col) {
        // A label of the former column means nothing in the new one.
        const auto found = labels_.find(QString::fromStdString(value));
        const QString control = QString::fromStdString(schema_.control_pert.value);
        if (found == labels_.end() || !found->second.contains(control))
            schema_.control_pert = {{}, tr("Choose the label of the untreated cells").toStdString()};
    }
    showAll();
    emit schemaChosen(schema_);
}

} // namespace ember

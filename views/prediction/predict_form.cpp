#include "views/prediction/predict_form.hpp"

#include <QCheckBox>
#include <QComboBox>
#include <QFileInfo>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTimer>
#include <QToolButton>

#include "core/base/engine.hpp"
#include "views/prediction/model_match.hpp"
#include "views/prediction/output_proposal.hpp"
#include "widgets/field_row.hpp"
#include "widgets/formatting.hpp"

namespace ember {

namespace {

const ViewRegistration registration{
    {"predict",
     QT_TRANSLATE_NOOP("ember::View", "Predict"),
     "tools-wizard",
     20,
     {},
     [](Workspace& workspace, QWidget* parent) -> View* { return new PredictForm(workspace, parent); }}};

QString textOf(const std::string& text) {
    return QString::fromStdString(text);
}

std::string chosen(const QComboBox* box) {
    return box->currentData().toString().toStdString();
}

void fillChoice(QComboBox* box, const QStringList& values, const QString& current,
                const QString& nothing = {}) {
    const QSignalBlocker quiet(box);
    box->clear();
    if (!nothing.isEmpty()) {
        box->addItem(nothing, QString());
    }
    for (const QString& value : values) {
        box->addItem(value, value);
    }
    box->setCurrentIndex(box->findData(current));
}

/// Sorted labels of a column; none when it holds no groups.
std::vector<std::string> labelsOf(const AnnData& data, const std::string& column) {
    try {
        return column.empty() ? std::vector<std::string>() : as_groups(*data.obs(column)).categories;
    } catch (const Error& error) {
        if (error.class_name() == "NotGroups") {
            return {};
        }
        throw;
    }
}

} // namespace

struct PredictForm::Guess {
    Schema schema;
    std::vector<std::string> labels; ///< of the perturbation column
};

const DatasetDocument* PredictForm::dataset() const {
    return workspace_.dataset(data_->currentData().toInt());
}

const ModelDocument* PredictForm::model() const {
    return workspace_.model(model_->currentData().toInt());
}

void PredictForm::listDocuments() {
    const auto relist = [](QComboBox* box, const auto& documents) {
        const QSignalBlocker quiet(box);
        const int before = box->currentData().toInt();
        box->clear();
        for (const auto* document : documents) {
            box->addItem(document->name, document->id);
            box->setItemData(box->count() - 1, document->path, Qt::ToolTipRole);
        }
        box->setCurrentIndex(box->findData(before));
        if (box->currentIndex() < 0 && box->count() > 0) {
            box->setCurrentIndex(0);
        }
        return box->currentData().toInt() != before;
    };
    const bool dataChanged = relist(data_, workspace_.datasets());
    const bool modelChanged = relist(model_, workspace_.models());
    if (dataChanged || modelChanged) {
        proposeModel();
        guess();
    }
}

void PredictForm::proposeModel() {
    if (modelPicked_ || dataset() == nullptr) {
        return;
    }
    if (const ModelDocument* best = bestModelFor(*dataset(), workspace_.models())) {
        const QSignalBlocker quiet(model_);
        model_->setCurrentIndex(model_->findData(best->id));
    }
}

void PredictForm::choose(DocumentRef dataset, DocumentRef model) {
    const DocumentRef current = workspace_.current();
    if (!dataset && current.kind == DocumentKind::dataset) {
        dataset = current;
    }
    if (!model && current.kind == DocumentKind::model) {
        model = current;
    }
    if (const ModelDocument* chosenModel = dataset ? nullptr : workspace_.model(model.id)) {
        if (const DatasetDocument* best = bestDatasetFor(*chosenModel, workspace_.datasets())) {
            dataset = {DocumentKind::dataset, best->id};
        }
    }
    {
        const QSignalBlocker quietData(data_), quietModel(model_);
        if (const int index = data_->findData(dataset.id); index >= 0) {
            data_->setCurrentIndex(index);
        }
        modelPicked_ = static_cast<bool>(model);
        if (const int index = model_->findData(model.id); index >= 0) {
            model_->setCurrentIndex(index);
        }
    }
    proposeModel();
    guess();
}

void PredictForm::guess() {
    for (QPointer<Job>* job : {&guessing_, &reading_}) { // labels of another data set are of no use
        if (*job) {
            (*job)->cancel();
            (*job)->disconnect(this);
            *job = nullptr;
        }
    }
    labels_.reset();
    const DatasetDocument* data = dataset();
    if (data == nullptr) {
        check();
        return;
    }
    const SchemaHints hints = model() ? model()->hints : SchemaHints{};
    guessing_ = runJob(
        workspace_, tr("Read the columns of %1").arg(data->name),
        [data = data->data, hints](JobContext&) {
            Guess guess{guess_schema(*data, hints), {}};
            guess.labels = labelsOf(*data, guess.schema.pert_col.value);
            return guess;
        },
        this,
        [this](const Guess& guess) {
            guessing_ = nullptr;
            fill(guess);
            emit guessed();
        });
    check();
}

void PredictForm::fill(const Guess& guess) {
    const DatasetDocument* data = dataset();
    if (data == nullptr) {
        return;
    }
    QStringList columns, embeddings{"X"};
    for (const ColumnInfo& column : data->data->obs_columns()) {
        columns << textOf(column.name);
    }
    for (const MemberInfo& member : data->data->obsm()) {
        if (!member.data_frame) {
            embeddings << textOf(member.key);
        }
    }
    const Schema& schema = guess.schema;
    fillChoice(pert_, columns, textOf(schema.pert_col.value));
    fillChoice(celltype_, columns, textOf(schema.celltype_col.value), tr("None"));
    fillChoice(batch_, columns, textOf(schema.batch_col.value), tr("None"));
    fillChoice(embed_, embeddings, textOf(schema.embed_key.value));
    for (int row = 0; row < embed_->count(); ++row) {
        const std::string key = embed_->itemData(row).toString().toStdString();
        std::uint64_t width = data->data->n_vars();
        for (const MemberInfo& member : data->data->obsm()) {
            width = member.key == key ? member.cols : width;
        }
        embed_->setItemText(
            row,
            tr("%1  (%2 values per cell)").arg(textOf(key), formatCount(static_cast<std::int64_t>(width))));
    }
    reasons_ = {{PredictField::pert_col, textOf(schema.pert_col.reason)},
                {PredictField::control, textOf(schema.control_pert.reason)},
                {PredictField::celltype_col, textOf(schema.celltype_col.reason)},
                {PredictField::batch_col, textOf(schema.batch_col.reason)},
                {PredictField::embed_key, textOf(schema.embed_key.reason)}};
    setLabels(guess.labels, textOf(schema.control_pert.value));
    proposeOutput();
    check();
}

void PredictForm::readLabels() {
    reasons_.erase(PredictField::pert_col);
    reasons_.erase(PredictField::control);
    labels_.reset();
    const DatasetDocument* data = dataset();
    if (data == nullptr) {
        return;
    }
    if (reading_) {
        reading_->disconnect(this);
    }
    const SchemaHints hints = [this] {
        SchemaHints all = model() ? model()->hints : SchemaHints{};
        all.pert_col = chosen(pert_);
        return all;
    }();
    reading_ = runJob(
        workspace_, tr("Read the column %1").arg(textOf(hints.pert_col)),
        [data = data->data, hints](JobContext&) {
            return Guess{guess_schema(*data, hints), labelsOf(*data, hints.pert_col)};
        },
        this,
        [this](const Guess& guess) {
            reasons_[PredictField::control] = textOf(guess.schema.control_pert.reason);
            setLabels(guess.labels, textOf(guess.schema.control_pert.value));
            check();
        });
    check();
}

void PredictForm::setLabels(std::vector<std::string> labels, const QString& preferred) {
    QStringList texts;
    for (const std::string& label : labels) {
        texts << textOf(label);
    }
    fillChoice(control_, texts, preferred);
    labels_ = std::move(labels);
}

void PredictForm::proposeOutput() {
    if (output_->text() != proposedOutput_ || dataset() == nullptr || model() == nullptr) {
        return; // the user named a file
    }
    proposedOutput_ = proposedPredictionPath(dataset()->path, model()->name, lastFolder_);
    output_->setText(proposedOutput_);
}

InferRequest PredictForm::request() const {
    InferRequest request;
    if (const DatasetDocument* data = dataset()) {
        request.adata = data->path.toStdString();
    }
    if (const ModelDocument* used = model()) {
        request.model_dir = used->path.toStdString();
    }
    request.checkpoint = checkpoint_->text().trimmed().toStdString();
    request.pert_col = chosen(pert_);
    request.control_pert = chosen(control_);
    request.celltype_col = chosen(celltype_);
    request.batch_col = chosen(batch_);
    request.embed_key = chosen(embed_);
    request.output = output_->text().trimmed().toStdString();
    for (const QString& type : celltypes_->text().split(',', Qt::SkipEmptyParts)) {
        request.celltypes.push_back(type.trimmed().toStdString());
    }
    request.obsm_key = key_->text().trimmed().toStdString();
    request.seed = static_cast<std::uint32_t>(seed_->value());
    request.threads = threads_->value();
    request.truncate = truncate_->isChecked();
    return request;
}

void PredictForm::check() {
    problems_ = findPredictProblems(request(), dataset(), model(), labels_);
    for (const auto& [field, row] : rows_) {
        QString error, remedy, note;
        for (const PredictProblem& problem : problems_) {
            if (problem.field != field) {
                continue;
            }
            if (problem.blocks && error.isEmpty()) {
                error = problem.text;
                remedy = problem.remedy;
            } else if (!problem.blocks) {
                note = problem.remedy.isEmpty() ? problem.text : problem.text + ' ' + problem.remedy;
            }
        }
        const auto reason = reasons_.find(field);
        QString hint = reason == reasons_.end() ? QString() : reason->second;
        if (!hint.isEmpty()) {
            hint = hint.left(1).toUpper() + hint.mid(1);
            hint += hint.endsWith('.') ? "" : ".";
        }
        row->setError(error, remedy);
        row->setReason(note.isEmpty() ? hint : tr("Note: %1").arg(note));
    }
    showFoot();
}

void PredictForm::setCheckpoint(const QString& file) {
    checkpoint_->setText(file);
    advancedButton_->setChecked(!file.isEmpty());
    check();
}

Job* PredictForm::predict() {
    check();
    if (!predict_->isEnabled()) {
        return nullptr;
    }
    const InferRequest request = this->request();
    const QString name = tr("Predict %1 with %2").arg(dataset()->name, model()->name);
    Job* job = runJob(
        workspace_, name,
        [request](JobContext& context) {
            context.begin("Loading the engine", 0, {});
            makeFolderOf(request.output);
            return engine().infer(request, context);
        },
        &workspace_,
        [workspace = &workspace_, request](const InferResult& result) {
            workspace->addPrediction(request, result);
        },
        JobWeight::heavy);
    lastFolder_ = QFileInfo(output_->text()).absolutePath();
    follow(job);
    return job;
}

QJsonObject PredictForm::settings() const {
    return {{"folder", lastFolder_}, {"seed", seed_->value()}, {"threads", threads_->value()}};
}

void PredictForm::restore(const QJsonObject& settings) {
    lastFolder_ = settings["folder"].toString();
    seed_->setValue(settings["seed"].toInt(seed_->value()));
    threads_->setValue(settings["threads"].toInt(0));
}

} // namespace ember

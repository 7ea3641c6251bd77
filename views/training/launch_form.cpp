#include "views/training/launch_form.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QJsonArray>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QTimer>
#include <QToolButton>

#include "core/experiment/config_completion.hpp"
#include "core/run/yaml_config.hpp"
#include "views/training/config_text_pane.hpp"
#include "views/training/launch_words.hpp"
#include "views/training/option_field.hpp"
#include "views/training/run_store.hpp"
#include "widgets/field_row.hpp"
#include "widgets/formatting.hpp"

namespace ember {

namespace {

const QString chooseItem = QStringLiteral("choose");

QString textOf(const nlohmann::json& value) {
    return value.is_string() ? QString::fromStdString(value.get<std::string>()) : QString();
}

/// Checks as `emberview-cli train --config` does. What it refuses before the check is a finding, too.
Preparation prepare(const nlohmann::json& values, JobContext& job) {
    TrainingConfig config;
    try {
        config.values = read_config_text(config_yaml(values));
        complete_config(config, std::filesystem::current_path(), job);
    } catch (const Cancelled&) {
        throw;
    } catch (const Error& error) {
        Preparation refused;
        const ConfigOption* option = find_config_option(error.place().key);
        refused.findings.push_back({true, option == nullptr ? "data.kwargs.files" : option->key,
                                    error.class_name(), error.message(), error.place_text(), error.remedy()});
        return refused;
    }
    return prepare_training(config, job);
}

/// Writes the plan to `file`, or beside it under a number: a split that others may use is never replaced.
std::filesystem::path writeNewSplit(HoldOut& made, const std::filesystem::path& file) {
    for (int number = 1;; ++number) {
        const std::string suffix = number == 1 ? std::string() : '_' + std::to_string(number);
        made.plan.file = file.parent_path() / (file.stem().string() + suffix + ".toml");
        if (!std::filesystem::exists(made.plan.file)) {
            write_split(made.plan, made.comment);
            return made.plan.file;
        }
        std::ifstream stream(made.plan.file, std::ios::binary);
        const std::string there{std::istreambuf_iterator<char>(stream), {}};
        if (there == split_toml(made.plan, made.comment)) {
            return made.plan.file;
        }
    }
}

} // namespace

LaunchForm::~LaunchForm() {
    for (const QPointer<Job>& job : {check_, holding_, reading_}) {
        if (job) {
            job->cancel();
        }
    }
}

const DatasetDocument* LaunchForm::dataset() const {
    const QStringList files = dataFiles();
    const QString file = files.size() == 1 && !files.first().endsWith(".toml") ? files.first()
                         : files_.size() == 1                                  ? files_.first()
                                                                               : QString();
    for (const DatasetDocument* data : workspace_.datasets()) {
        if (!file.isEmpty() && cleanRunPath(data->path) == cleanRunPath(file)) {
            return data;
        }
    }
    return nullptr;
}

QStringList LaunchForm::dataFiles() const {
    if (const QString split = textOf(config_.value("data.kwargs.toml_config_path")); !split.isEmpty()) {
        return {split};
    }
    QStringList files;
    const nlohmann::json listed = config_.value("data.kwargs.files");
    for (const nlohmann::json& file : listed) {
        files << textOf(file);
    }
    return files;
}

void LaunchForm::set(const QString& key, const nlohmann::json& value) {
    touched_ = true;
    put(key.toStdString(), value);
    configChanged();
}

/// Takes a value, or remembers why not; the text and the check see only what was taken.
void LaunchForm::put(const std::string& key, const nlohmann::json& value) {
    try {
        config_.set(key, value);
        refused_.erase(key);
    } catch (const Error& error) {
        refused_[key] = QString::fromStdString(error.message());
        if (!error.remedy().empty()) {
            refused_[key] += QStringLiteral(". ") + QString::fromStdString(error.remedy());
        }
    }
}

void LaunchForm::configChanged() {
    showValues();
    text_->show(config_, queue_->isChecked());
    preparation_.reset();
    unchecked_.clear();
    showFindings();
    showFoot();
    checking_->start();
}

void LaunchForm::choose(DocumentRef dataset, DocumentRef model) {
    const DocumentRef current = workspace_.current();
    const bool fresh = !touched_ && dataFiles().isEmpty();
    if (!dataset && fresh) {
        const bool suits = current.kind == DocumentKind::dataset;
        dataset = suits ? current
                  : workspace_.datasets().empty()
                      ? DocumentRef()
                      : DocumentRef{DocumentKind::dataset, workspace_.datasets().front()->id};
    }
    if (const DatasetDocument* data = workspace_.dataset(dataset.id); data != nullptr && dataset) {
        takeData({data->path});
    }
    if (const ModelDocument* chosen = model ? workspace_.model(model.id) : nullptr) {
        startFrom(chosen->path);
    }
    proposePlace();
    configChanged();
}

void LaunchForm::takeData(const QStringList& files) {
    const bool split = files.size() == 1 && files.first().endsWith(".toml", Qt::CaseInsensitive);
    const bool other = !split && files != files_; // other data have other columns
    nlohmann::json list = nlohmann::json::array();
    if (!split) {
        files_ = files;
        for (const QString& file : files) {
            list.push_back(file.toStdString());
        }
    }
    put("data.kwargs.files", list);
    put("data.kwargs.toml_config_path",
        split ? nlohmann::json(files.first().toStdString()) : nlohmann::json());
    holdOutNote_.clear();
    if (other) {
        guessColumns();
    }
    proposePlace();
}

void LaunchForm::guessColumns() {
    const DatasetDocument* data = dataset();
    if (data == nullptr) {
        return;
    }
    const Schema& schema = data->schema;
    const auto take = [this](const char* key, const SchemaEntry& entry) {
        if (!entry.value.empty()) {
            put(key, entry.value);
        }
    };
    take("data.kwargs.pert_col", schema.pert_col);
    take("data.kwargs.control_pert", schema.control_pert);
    take("data.kwargs.cell_type_key", schema.celltype_col);
    take("data.kwargs.batch_col", schema.batch_col);
    readLabels();
}

/// The labels of the perturbation column, to choose the control from.
void LaunchForm::readLabels() {
    const DatasetDocument* data = dataset();
    const std::string column = textOf(config_.value("data.kwargs.pert_col")).toStdString();
    if (data == nullptr || column.empty()) {
        return;
    }
    reading_ = runJob(
        workspace_, tr("Read the column %1").arg(QString::fromStdString(column)),
        [data = data->data, column](JobContext&) { return as_groups(*data->obs(column)).categories; }, this,
        [this](const std::vector<std::string>& labels) {
            QComboBox* box = columns_.at("data.kwargs.control_pert");
            const QSignalBlocker quiet(box);
            const QString now = box->currentText();
            box->clear();
            for (const std::string& label : labels) {
                box->addItem(QString::fromStdString(label));
            }
            box->setCurrentText(now);
        });
    reading_->setReportsFailure(false); // the check says what is wrong with the column
}

void LaunchForm::takeStart(const QString& start) {
    touched_ = true;
    if (start == chooseItem) {
        const QString folder =
            QFileDialog::getExistingDirectory(this, tr("Choose the run to start from"), this->folder());
        if (!folder.isEmpty()) {
            startFrom(folder);
        }
        showValues();
        return;
    }
    if (start.startsWith("preset:")) {
        put("model.kwargs.init_from", nullptr);
        config_.set_preset(start.mid(7).toStdString());
        proposePlace();
        configChanged();
    } else {
        startFrom(start);
    }
}

/// A pretrained model decides its architecture; its configuration is read in a job.
void LaunchForm::startFrom(const QString& run) {
    put("model.kwargs.init_from", run.toStdString());
    proposePlace();
    configChanged();
    runJob(
        workspace_, tr("Read the configuration of %1").arg(QFileInfo(run).fileName()),
        [run](JobContext&) {
            const std::filesystem::path folder = run.toStdString();
            const bool file = std::filesystem::is_regular_file(folder);
            return read_yaml((file ? folder.parent_path().parent_path() : folder) / "config.yaml");
        },
        this,
        [this, run](const nlohmann::json& theirs) {
            if (textOf(config_.value("model.kwargs.init_from")) == run) {
                config_.take_model(theirs);
                configChanged();
            }
        });
}

void LaunchForm::setHoldOut(HoldOutChoice choice) {
    touched_ = true;
    if (choice == HoldOutChoice::make) {
        makeHoldOut();
    } else if (choice == HoldOutChoice::file) {
        chooseFiles();
    } else {
        if (!files_.isEmpty()) {
            takeData(files_);
        } else {
            holdOutNote_ = tr("The split names the data. Choose data files to train on all of their cells.");
        }
        configChanged();
    }
}

void LaunchForm::makeHoldOut() {
    if (files_.isEmpty()) {
        holdOutNote_ = tr("Choose data files first.");
        showValues();
        return;
    }
    const auto column = [this](const char* key) { return textOf(config_.value(key)).toStdString(); };
    HoldOutRequest request;
    for (const QString& file : files_) {
        request.files.emplace_back(file.toStdString());
    }
    request.pert_col = column("data.kwargs.pert_col");
    request.cell_type_col = column("data.kwargs.cell_type_key");
    request.control = column("data.kwargs.control_pert");
    request.output =
        QDir(folder()).filePath(QFileInfo(files_.first()).completeBaseName() + "_split.toml").toStdString();
    holdOutNote_ = tr("Drawing what is held out…");
    holding_ = runJob(
        workspace_, tr("Make a hold-out"),
        [request](JobContext& job) {
            std::filesystem::create_directories(request.output.parent_path());
            HoldOut made = make_hold_out(request, job);
            writeNewSplit(made, request.output);
            return made;
        },
        this,
        [this](const HoldOut& made) {
            const QStringList files = files_;
            takeData({QString::fromStdString(made.plan.file.string())});
            files_ = files;
            holdOutNote_ = holdOutWords(made);
            configChanged();
        });
    holding_->setReportsFailure(false);
    connect(holding_, &Job::finished, this, [this, job = holding_.data()] {
        if (job->error()) {
            holdOutNote_ = job->error()->message + QStringLiteral(". ") + job->error()->remedy;
            showValues();
        }
    });
    showValues();
}

void LaunchForm::chooseFiles() {
    const QStringList paths = QFileDialog::getOpenFileNames(
        this, tr("Data to train on"), files_.isEmpty() ? QString() : QFileInfo(files_.first()).path(),
        tr("Data and splits (*.h5ad *.toml);;All files (*)"));
    if (!paths.isEmpty()) {
        takeData(paths);
    }
    configChanged();
}

void LaunchForm::setFolder(const QString& folder) {
    folder_ = folder;
}

QString LaunchForm::folder() const {
    return textOf(config_.value("output_dir"));
}

/// A name that says what is trained on what, and a folder beside the data, unless the user chose them.
void LaunchForm::proposePlace() {
    const QStringList files = files_.isEmpty() ? dataFiles() : files_;
    if (files.isEmpty()) {
        return;
    }
    const QFileInfo data(files.first());
    const QString from = textOf(config_.value("model.kwargs.init_from"));
    const QString start =
        from.isEmpty() ? QString::fromStdString(config_.preset()) : QFileInfo(from).fileName();
    const QString place = folder_.isEmpty() ? data.absoluteDir().filePath("runs") : folder_;
    if (const QString now = folder();
        now == proposedFolder_ || now == textOf(config_.fallback("output_dir"))) {
        put("output_dir", place.toStdString());
        proposedFolder_ = place;
    }
    const QString now = textOf(config_.value("name"));
    if (now == proposedName_ || now == textOf(config_.fallback("name"))) {
        const QString base = data.completeBaseName() + '_' + start;
        QString name = base;
        const RunStore& known = RunStore::of(workspace_);
        for (int number = 2; known.find(cleanRunPath(QDir(folder()).filePath(name))); ++number) {
            name = base + '_' + QString::number(number);
        }
        put("name", name.toStdString());
        proposedName_ = name;
    }
}

void LaunchForm::setBusyRuns(int runs) {
    busyRuns_ = runs;
    queue_->setVisible(runs > 0);
    queue_->setText(tr("After the others"));
    queue_->setToolTip(tr("Waits until the %n runs that train now are done", nullptr, runs));
}

void LaunchForm::check() {
    if (check_) {
        check_->disconnect(this);
        check_->cancel();
    }
    unchecked_.clear();
    check_ = runJob(
        workspace_, tr("Check the run"),
        [values = config_.values()](JobContext& job) { return prepare(values, job); }, this,
        [this, asked = config_.values()](Preparation found) {
            if (asked == config_.values()) {
                preparation_ = std::move(found);
                showFindings();
                showFoot();
                emit checked();
            }
        });
    connect(check_, &Job::finished, this, [this, job = check_.data()] {
        if (job->state() != JobState::done) {
            unchecked_ = job->error() ? tr("The check failed: %1").arg(job->error()->message)
                                      : tr("The check was cancelled.");
            showFoot();
        }
    });
    showFoot();
}

bool LaunchForm::canStart() const {
    return refused_.empty() && !text_->hasFault() && preparation_ && preparation_->can_start();
}

QString LaunchForm::state() const {
    return state_->text();
}

FieldRow* LaunchForm::row(const QString& key) const {
    const auto found = rows_.find(key.toStdString());
    return found == rows_.end() ? nullptr : found->second;
}

void LaunchForm::startRun() {
    if (!unchecked_.isEmpty()) {
        check();
    } else if (canStart()) {
        const bool queue = busyRuns_ > 0 && queue_->isChecked();
        proposedName_ = textOf(config_.value("name")); // the next one gets another
        folder_ = folder();
        emit startWanted(config_.values(), queue);
    }
}

QJsonObject LaunchForm::settings() const {
    if (!touched_) {
        return {};
    }
    QStringList overrides;
    for (const std::string& override : overrides_of(config_.values())) {
        overrides << QString::fromStdString(override);
    }
    return {{"overrides", QJsonArray::fromStringList(overrides)},
            {"files", QJsonArray::fromStringList(files_)}};
}

void LaunchForm::restore(const QJsonObject& settings) {
    std::vector<std::string> overrides;
    for (const QString& override : settings["overrides"].toVariant().toStringList()) {
        overrides.push_back(override.toStdString());
    }
    if (overrides.empty()) {
        return;
    }
    try {
        config_.replace(resolve_config({}, overrides).values);
    } catch (const Error&) {
        return; // of another version
    }
    files_ = settings["files"].toVariant().toStringList();
    touched_ = true;
    readLabels();
    configChanged();
}

} // namespace ember

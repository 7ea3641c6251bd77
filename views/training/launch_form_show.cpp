// What the launch form shows of its configuration and of what the check found.

#include "views/training/launch_form.hpp"

#include <algorithm>

#include <QCheckBox>
#include <QComboBox>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QToolButton>

#include "core/experiment/model_presets.hpp"
#include "views/training/config_text_pane.hpp"
#include "views/training/launch_words.hpp"
#include "views/training/option_field.hpp"
#include "widgets/field_row.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

QString textOf(const nlohmann::json& value) {
    return value.is_string() ? QString::fromStdString(value.get<std::string>()) : QString();
}

bool isOn(const nlohmann::json& value) {
    return value.is_boolean() && value.get<bool>();
}

void tick(QCheckBox* box, bool on) {
    const QSignalBlocker quiet(box);
    box->setChecked(on);
}

/// Chooses the entry with this data; adds one when there is none.
void chooseData(QComboBox* box, const QVariant& data, const QString& text, const QString& tip) {
    int at = box->findData(data);
    if (at < 0) {
        box->insertItem(0, text, data);
        box->setItemData(0, tip, Qt::ToolTipRole);
        at = 0;
    }
    box->setCurrentIndex(at);
}

} // namespace

void LaunchForm::listDocuments() {
    const QSignalBlocker quiet(data_), still(start_);
    data_->clear();
    for (const DatasetDocument* data : workspace_.datasets()) {
        data_->addItem(data->name, QStringList{data->path});
        data_->setItemData(data_->count() - 1, data->path, Qt::ToolTipRole);
    }
    data_->addItem(tr("Files or a split…"), QStringList{});
    start_->clear();
    for (const std::string& preset : model_presets()) {
        start_->addItem(tr("From scratch, %1").arg(QString::fromStdString(preset)),
                        "preset:" + QString::fromStdString(preset));
    }
    for (const ModelDocument* model : workspace_.models()) {
        start_->addItem(tr("%1 (its weights)").arg(model->name), model->path);
        start_->setItemData(start_->count() - 1, model->path, Qt::ToolTipRole);
    }
    start_->addItem(tr("Another run or model…"), "choose");
    showValues();
}

void LaunchForm::showValues() {
    const QScopedValueRollback guard(filling_, true);
    const QSignalBlocker quiet(data_), still(start_), silent(holdOut_);
    const QStringList files = dataFiles();
    const bool split = !textOf(config_.value("data.kwargs.toml_config_path")).isEmpty();
    if (files.isEmpty()) {
        data_->setCurrentIndex(-1);
    } else if (split && !files_.isEmpty()) {
        chooseData(data_, files_, QFileInfo(files_.first()).fileName(), files_.join('\n'));
    } else {
        chooseData(data_, files,
                   files.size() == 1 ? QFileInfo(files.first()).fileName()
                                     : tr("%n files", nullptr, static_cast<int>(files.size())),
                   files.join('\n'));
    }
    holdOut_->setCurrentIndex(split ? 1 : 0);
    holdOut_->setItemText(1, split ? tr("As %1 says").arg(QFileInfo(files.first()).fileName())
                                   : tr("As a split file says…"));
    if (FieldRow* row = rows_.at("holdout")) {
        row->setReason(!holdOutNote_.isEmpty() ? holdOutNote_
                       : split                 ? files.first()
                               : tr("All cells train; validation needs cells that are held out."));
    }
    const QString from = textOf(config_.value("model.kwargs.init_from"));
    if (from.isEmpty()) {
        start_->setCurrentIndex(start_->findData("preset:" + QString::fromStdString(config_.preset())));
    } else {
        chooseData(start_, from, tr("%1 (its weights)").arg(QFileInfo(from).fileName()), from);
    }
    const DatasetDocument* data = dataset();
    for (const auto& [key, box] : columns_) {
        const QSignalBlocker silentBox(box);
        if (key != "data.kwargs.control_pert" && data != nullptr) {
            QStringList names;
            for (const ColumnInfo& column : data->data->obs_columns()) {
                names << QString::fromStdString(column.name);
            }
            QStringList shown;
            for (int i = 0; i < box->count(); ++i) {
                shown << box->itemText(i);
            }
            if (shown != names) {
                box->clear();
                box->addItems(names);
            }
        }
        if (box->currentText().trimmed() != textOf(config_.value(key))) { // a space may be being typed
            box->setCurrentText(textOf(config_.value(key)));
        }
    }
    tick(lora_, isOn(config_.value("model.kwargs.lora.enable")));
    tick(mhc_, isOn(config_.value("model.kwargs.use_mhc")));
    tick(velocity_, isOn(config_.value("model.kwargs.use_velocity_alignment")));
    for (const auto& [key, field] : fields_) {
        if (!refused_.contains(key)) { // a field keeps what was typed until it can be taken
            field->show(config_.value(key), config_.fallback(key));
        }
    }
}

void LaunchForm::showFindings() {
    std::map<std::string, QString> errors, remedies, notes;
    QStringList others, otherNotes;
    std::vector<std::pair<QString, QString>> marks;
    for (const auto& [key, why] : refused_) {
        errors[key] = why;
    }
    if (preparation_) {
        for (const ConfigFinding& finding : preparation_->findings) {
            const QString message = QString::fromStdString(finding.message);
            std::string key = finding.key;
            if (key == "data.kwargs.files" || key == "data.kwargs.toml_config_path") {
                key = "data"; // one field in the form
            } else if (key == "model.kwargs.init_from") {
                key = "start";
            }
            if (finding.fault) {
                marks.emplace_back(QString::fromStdString(finding.key), message);
            }
            if (!rows_.contains(key)) {
                (finding.fault ? others : otherNotes)
                    << QStringLiteral("%1: %2 %3")
                           .arg(QString::fromStdString(finding.key), message,
                                QString::fromStdString(finding.remedy));
            } else if (finding.fault && !errors.contains(key)) {
                errors[key] = message.endsWith('.') ? message : message + '.';
                remedies[key] = QString::fromStdString(finding.remedy);
            } else if (!finding.fault) {
                notes[key] = message + QStringLiteral(" ") + QString::fromStdString(finding.remedy);
            }
        }
    }
    for (const auto& [key, row] : rows_) {
        const auto error = errors.find(key);
        row->setError(error == errors.end() ? QString() : error->second, remedies[key]);
        if (key != "holdout") {
            row->setReason(notes.contains(key) ? tr("Note: %1").arg(notes[key]) : QString());
        }
    }
    for (const Section& section : sections_) { // a closed section says that something is wrong in it
        const bool wrong = section.filled && section.body->hasErrors();
        setRole(section.head, wrong ? "error" : "");
    }
    elsewhere_->setText(others.join('\n'));
    elsewhere_->setVisible(!others.isEmpty());
    notes_->setText(otherNotes.join('\n'));
    notes_->setVisible(!otherNotes.isEmpty());
    text_->mark(marks);
}

void LaunchForm::showFoot() {
    go_->setEnabled(canStart() || !unchecked_.isEmpty());
    go_->setText(unchecked_.isEmpty() ? tr("Start") : tr("Check again"));
    scroll_->setEnabled(!text_->hasFault()); // what is edited here would be lost when the text is mended
    if (!preparation_) {
        estimate_->clear();
    } else if (preparation_->can_start()) {
        const QString cost = estimateWords(preparation_->estimate);
        estimate_->setText(splitWords(*preparation_) + (cost.isEmpty() ? QString() : ' ' + cost + '.'));
    } else {
        estimate_->clear();
    }
    QString text;
    if (!refused_.empty()) {
        text = tr("A field with a red note needs another value.");
    } else if (text_->hasFault()) {
        text = tr("The text has a fault; see its red line. The fields wait until it is mended.");
    } else if (!unchecked_.isEmpty()) {
        text = unchecked_;
    } else if (!preparation_) {
        text = tr("Checking the data and the options…");
    } else if (!preparation_->can_start()) {
        const auto& all = preparation_->findings;
        const auto first = std::find_if(all.begin(), all.end(), [](const auto& each) { return each.fault; });
        text = tr("Cannot start: %1").arg(QString::fromStdString(first->message));
    } else {
        text = tr("Ready. It runs on when this window closes.");
    }
    state_->setText(text);
    go_->setToolTip(canStart()              ? tr("Start training (Ctrl+Return)")
                    : !unchecked_.isEmpty() ? tr("Check the data and the options (Ctrl+Return)")
                                            : text);
}

} // namespace ember

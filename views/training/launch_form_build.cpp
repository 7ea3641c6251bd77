// The widgets of the launch form.

#include "views/training/launch_form.hpp"

#include <algorithm>
#include <set>

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

#include "views/training/config_text_pane.hpp"
#include "views/training/option_field.hpp"
#include "widgets/field_row.hpp"
#include "widgets/icon.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

constexpr int checkDelay_ms = 400;

QString textOf(const nlohmann::json& value) {
    return value.is_string() ? QString::fromStdString(value.get<std::string>()) : QString();
}

const std::set<std::string>& mainOptions() {
    static const std::set<std::string> keys = {
        "name",        "output_dir",        "training.max_steps",        "training.batch_size",
        "training.lr", "training.val_freq", "model.kwargs.cell_set_len", "training.train_seed"};
    return keys;
}

/// Those with a field of their own kind in the form.
const std::set<std::string>& specialOptions() {
    static const std::set<std::string> keys = {
        "data.kwargs.files",        "data.kwargs.toml_config_path",
        "model.kwargs.init_from",   "data.kwargs.pert_col",
        "data.kwargs.control_pert", "data.kwargs.cell_type_key",
        "data.kwargs.batch_col",    "model.kwargs.lora.enable",
        "model.kwargs.use_mhc",     "model.kwargs.use_velocity_alignment"};
    return keys;
}

} // namespace

LaunchForm::LaunchForm(Workspace& workspace, QWidget* parent) : QWidget(parent), workspace_(workspace) {
    setObjectName("launchForm");
    checking_ = new QTimer(this);
    checking_->setSingleShot(true);
    checking_->setInterval(checkDelay_ms);
    connect(checking_, &QTimer::timeout, this, &LaunchForm::check);
    build();
    connect(&workspace_, &Workspace::documentAdded, this, &LaunchForm::listDocuments);
    connect(&workspace_, &Workspace::documentClosing, this, &LaunchForm::listDocuments, Qt::QueuedConnection);
    listDocuments();
    configChanged();
}

void LaunchForm::build() {
    auto* heading = new QLabel(tr("New run"));
    heading->setFont(headingFont(font(), 1.35));
    auto* back = new QPushButton(icon("go-previous"), tr("Runs"));
    back->setObjectName("launchBack");
    back->setAccessibleName(tr("Back to the runs"));
    back->setToolTip(tr("Back to the runs; the form stays as it is"));
    connect(back, &QPushButton::clicked, this, &LaunchForm::closed);
    textButton_ = new QToolButton;
    textButton_->setObjectName("launchText");
    textButton_->setText(tr("As text"));
    textButton_->setAccessibleName(tr("Show the configuration as text"));
    textButton_->setToolTip(tr("Show the same configuration as a file and as a command"));
    textButton_->setCheckable(true);
    textButton_->setChecked(true);
    search_ = new QLineEdit;
    search_->setObjectName("launchSearch");
    search_->setAccessibleName(tr("Search the options"));
    search_->setPlaceholderText(tr("Search all options"));
    search_->setClearButtonEnabled(true);
    search_->setMaximumWidth(lengthInEms(this, 14));
    connect(search_, &QLineEdit::textChanged, this, &LaunchForm::search);
    auto* head = new QHBoxLayout;
    head->setContentsMargins(16, 10, 16, 0);
    head->addWidget(back);
    head->addWidget(heading);
    head->addStretch(1);
    head->addWidget(search_);
    head->addWidget(textButton_);
    text_ = new ConfigTextPane(workspace_);
    text_->setContentsMargins(8, 6, 16, 6);
    connect(text_, &ConfigTextPane::valuesRead, this, [this](const nlohmann::json& values) {
        touched_ = true;
        refused_.clear();
        config_.replace(values);
        if (textOf(config_.value("data.kwargs.toml_config_path")).isEmpty()) {
            files_ = dataFiles();
        }
        configChanged();
    });
    connect(text_, &ConfigTextPane::faultChanged, this, &LaunchForm::showFoot);
    connect(textButton_, &QToolButton::toggled, text_, &QWidget::setVisible);
    split_ = new QSplitter(Qt::Horizontal);
    split_->setObjectName("launchSplitter");
    split_->setChildrenCollapsible(false);
    split_->addWidget(buildForm());
    split_->addWidget(text_);
    split_->setStretchFactor(0, 3);
    split_->setStretchFactor(1, 2);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addLayout(head);
    column->addWidget(split_, 1);
    column->addWidget(buildFoot());
}

QWidget* LaunchForm::buildForm() {
    form_ = new FieldForm;
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(16, 6, 16, 10);
    column->setSpacing(8);
    column->addWidget(form_);
    buildDataRows();
    buildVariant();
    buildMainOptions();
    auto* more = new QLabel(tr("More options"));
    setRole(more, "heading");
    column->addWidget(more);
    buildSections(column);
    column->addStretch(1);
    scroll_ = new QScrollArea;
    scroll_->setObjectName("launchScroll");
    scroll_->setWidgetResizable(true);
    scroll_->setFrameShape(QFrame::NoFrame);
    scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll_->setWidget(page);
    return scroll_;
}

QComboBox* LaunchForm::addColumn(const char* key, const QString& label, const char* name) {
    auto* box = new QComboBox;
    box->setObjectName(name);
    box->setEditable(true);
    box->setInsertPolicy(QComboBox::NoInsert);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(12);
    rows_[key] = form_->addRow(label, box);
    columns_[key] = box;
    const ConfigOption* option = find_config_option(key);
    if (option != nullptr) {
        box->setToolTip(
            QStringLiteral("<qt>%1</qt>").arg(QString::fromStdString(option->help).toHtmlEscaped()));
    }
    connect(box, &QComboBox::currentTextChanged, this, [this, key = std::string(key)](const QString& text) {
        if (filling_) {
            return;
        }
        set(QString::fromStdString(key), text.trimmed().toStdString());
        if (key == "data.kwargs.pert_col") {
            readLabels();
        }
    });
    return box;
}

void LaunchForm::buildDataRows() {
    const auto box = [](const char* name) {
        auto* made = new QComboBox;
        made->setObjectName(name);
        made->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        made->setMinimumContentsLength(12);
        return made;
    };
    data_ = box("launchData");
    rows_["data"] = form_->addRow(tr("Data"), data_);
    connect(data_, &QComboBox::activated, this, [this] {
        touched_ = true;
        const QStringList files = data_->currentData().toStringList();
        if (files.isEmpty()) {
            chooseFiles();
        } else {
            takeData(files);
            configChanged();
        }
    });
    start_ = box("launchStart");
    rows_["start"] = form_->addRow(tr("Start from"), start_);
    connect(start_, &QComboBox::activated, this, [this] { takeStart(start_->currentData().toString()); });
    addColumn("data.kwargs.pert_col", tr("Perturbation column"), "launchPerturbation");
    addColumn("data.kwargs.control_pert", tr("Control label"), "launchControl");
    addColumn("data.kwargs.cell_type_key", tr("Cell type column"), "launchCellType");
    addColumn("data.kwargs.batch_col", tr("Batch column"), "launchBatch");
    holdOut_ = box("launchHoldOut");
    holdOut_->addItems({tr("Nothing"), tr("As a split file says…"),
                        tr("20 % of the perturbations in 20 % of the cell types")});
    rows_["holdout"] = form_->addRow(tr("Held out"), holdOut_);
    connect(holdOut_, &QComboBox::activated, this,
            [this](int at) { setHoldOut(static_cast<HoldOutChoice>(at)); });
}

void LaunchForm::buildVariant() {
    const auto box = [this](const char* name, const QString& text, const char* key) {
        auto* made = new QCheckBox(text);
        made->setObjectName(name);
        made->setAccessibleName(text);
        if (const ConfigOption* option = find_config_option(key)) {
            made->setToolTip(
                QStringLiteral("<qt>%1</qt>").arg(QString::fromStdString(option->help).toHtmlEscaped()));
        }
        connect(made, &QCheckBox::toggled, this, [this, key](bool on) { set(key, on); });
        return made;
    };
    lora_ = box("launchLora", tr("LoRA"), "model.kwargs.lora.enable");
    mhc_ = box("launchMhc", tr("mHC"), "model.kwargs.use_mhc");
    velocity_ = box("launchVelocity", tr("Velocity"), "model.kwargs.use_velocity_alignment");
    auto* all = new QWidget;
    auto* row = new QHBoxLayout(all);
    row->setContentsMargins(0, 0, 0, 0);
    for (QCheckBox* each : {lora_, mhc_, velocity_}) {
        row->addWidget(each);
    }
    row->addStretch(1);
    all->setAccessibleName(tr("Variant"));
    rows_["variant"] = form_->addRow(tr("Variant"), all);
}

FieldRow* LaunchForm::addOption(FieldForm& form, const std::string& key, const QString& label) {
    const ConfigOption* option = find_config_option(key);
    if (option == nullptr) {
        return nullptr;
    }
    auto* field = new OptionField(*option);
    QString title = label.isEmpty() ? QString::fromStdString(option->title) : label;
    const QString unit = QString::fromStdString(option->unit);
    if (!unit.isEmpty() && !title.startsWith(unit, Qt::CaseInsensitive)) { // not "Steps (steps)"
        title += QStringLiteral(" (%1)").arg(QString::fromStdString(option->unit));
    }
    FieldRow* row = form.addRow(title, field);
    row->label()->setWordWrap(true);
    fields_[key] = field;
    rows_[key] = row;
    connect(field, &OptionField::edited, this, [this, field, key] {
        touched_ = true;
        try {
            put(key, field->value());
        } catch (const Error& error) { // text that is no number
            refused_[key] = QString::fromStdString(error.message() + ". " + error.remedy());
        }
        configChanged();
    });
    connect(field, &OptionField::resetWanted, this, [this, key] {
        refused_.erase(key);
        set(QString::fromStdString(key), config_.fallback(key));
    });
    connect(field, &OptionField::looked, this, [this](const QString& looked) {
        if (const ConfigOption* at = find_config_option(looked.toStdString())) {
            info_->setText(optionHelp(*at, config_.fallback(at->key)));
        }
    });
    field->show(config_.value(key), config_.fallback(key));
    return row;
}

void LaunchForm::buildMainOptions() {
    for (const char* key :
         {"name", "output_dir", "training.max_steps", "training.batch_size", "model.kwargs.cell_set_len",
          "training.lr", "training.val_freq", "training.train_seed"}) {
        addOption(*form_, key);
    }
}

void LaunchForm::buildSections(QVBoxLayout* column) {
    const std::vector<std::string> order = {"Data",      "Model", "Adaptation",  "Loss",
                                            "Optimizer", "Loop",  "Checkpoints", "Monitoring"};
    for (const std::string& name : order) {
        sections_.push_back({name, new QToolButton, new FieldForm, false});
    }
    for (std::size_t i = 0; i < sections_.size(); ++i) {
        Section& section = sections_[i];
        const QString name = QString::fromStdString(section.name);
        section.head->setObjectName("section-" + name);
        section.head->setText(name);
        section.head->setAccessibleName(tr("Options: %1").arg(name));
        section.head->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        section.head->setAutoRaise(true);
        section.head->setCheckable(true);
        section.head->setIcon(icon("branch-closed"));
        section.body->setContentsMargins(18, 0, 0, 6);
        section.body->hide();
        column->addWidget(section.head, 0, Qt::AlignLeft);
        column->addWidget(section.body);
        connect(section.head, &QToolButton::toggled, this,
                [this, i](bool open) { openSection(sections_[i], open); });
    }
}

void LaunchForm::openSection(Section& section, bool open) {
    if (open) {
        fillSection(section);
    }
    section.body->setVisible(open);
    section.head->setIcon(icon(open ? "branch-open" : "branch-closed"));
}

void LaunchForm::fillSection(Section& section) {
    if (section.filled) {
        return;
    }
    section.filled = true;
    for (const ConfigOption& option : config_options()) {
        if (option.section == section.name && !mainOptions().contains(option.key) &&
            !specialOptions().contains(option.key) && option.fate != OptionFate::notice) {
            addOption(*section.body, option.key);
        }
    }
    showFindings();
}

void LaunchForm::search(const QString& words) {
    const QString wanted = words.trimmed();
    const auto matching = [&](const FieldForm& form) {
        int matches = 0;
        for (FieldRow* row : form.rows()) {
            QString text = row->label()->text();
            if (const auto* field = qobject_cast<OptionField*>(row->field())) {
                const ConfigOption& option = field->option();
                text = QString::fromStdString(option.key + ' ' + option.title + ' ' + option.help);
            }
            const bool match = wanted.isEmpty() || text.contains(wanted, Qt::CaseInsensitive);
            row->setVisible(match);
            matches += match ? 1 : 0;
        }
        return matches;
    };
    matching(*form_);
    for (Section& section : sections_) {
        if (!wanted.isEmpty()) {
            fillSection(section);
        }
        const int matches = matching(*section.body);
        section.head->setVisible(wanted.isEmpty() || matches > 0);
        section.head->setChecked(!wanted.isEmpty() && matches > 0);
    }
}

QWidget* LaunchForm::buildFoot() {
    info_ = new QLabel(tr("Point at an option to read what it does."));
    info_->setObjectName("launchInfo");
    info_->setWordWrap(true);
    info_->setTextFormat(Qt::PlainText);
    setRole(info_, "muted");
    elsewhere_ = new QLabel;
    elsewhere_->setObjectName("launchElsewhere");
    elsewhere_->setWordWrap(true);
    elsewhere_->setTextFormat(Qt::PlainText);
    setRole(elsewhere_, "error");
    elsewhere_->hide();
    notes_ = new QLabel;
    notes_->setObjectName("launchNotes");
    notes_->setWordWrap(true);
    notes_->setTextFormat(Qt::PlainText);
    setRole(notes_, "muted");
    notes_->hide();
    estimate_ = new QLabel;
    estimate_->setObjectName("launchEstimate");
    estimate_->setWordWrap(true);
    state_ = new QLabel;
    state_->setObjectName("launchState");
    state_->setWordWrap(true);
    setRole(state_, "muted");
    go_ = new QPushButton(icon("media-playback-start", IconColor::accentText), tr("Start"));
    go_->setObjectName("launchStartButton");
    go_->setAccessibleName(tr("Start"));
    go_->setShortcut(tr("Ctrl+Return"));
    setPrimary(go_);
    connect(go_, &QPushButton::clicked, this, &LaunchForm::startRun);
    queue_ = new QCheckBox;
    queue_->setObjectName("launchQueue");
    queue_->setAccessibleName(tr("After the others"));
    queue_->hide();
    connect(queue_, &QCheckBox::toggled, this, [this] { text_->show(config_, queue_->isChecked()); });
    auto* texts = new QVBoxLayout;
    texts->setSpacing(2);
    texts->addWidget(estimate_);
    texts->addWidget(state_);
    auto* row = new QHBoxLayout;
    row->addWidget(go_, 0, Qt::AlignTop);
    row->addWidget(queue_, 0, Qt::AlignTop);
    row->addLayout(texts, 1);
    auto* rule = new QFrame;
    setRole(rule, "rule");
    rule->setFixedHeight(1);
    auto* foot = new QWidget;
    auto* column = new QVBoxLayout(foot);
    column->setContentsMargins(16, 0, 16, 10);
    column->setSpacing(6);
    column->addWidget(info_);
    column->addWidget(elsewhere_);
    column->addWidget(notes_);
    column->addWidget(rule);
    column->addLayout(row);
    return foot;
}

} // namespace ember

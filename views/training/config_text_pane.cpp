#include "views/training/config_text_pane.hpp"

#include <algorithm>

#include <QCheckBox>
#include <QClipboard>
#include <QFileDialog>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QTextBlock>
#include <QTimer>
#include <QVBoxLayout>

#include "core/base/atomic_file.hpp"
#include "core/run/yaml_config.hpp"
#include "views/training/run_start.hpp"
#include "widgets/icon.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

constexpr int readDelay_ms = 400;

struct ReadText {
    nlohmann::json values;
    QString problem;
    int line = -1;
};

} // namespace

ConfigTextPane::ConfigTextPane(Workspace& workspace, QWidget* parent)
    : QWidget(parent), workspace_(workspace) {
    setObjectName("configTextPane");
    text_ = new QPlainTextEdit;
    text_->setObjectName("configText");
    text_->setAccessibleName(tr("The configuration as text"));
    text_->setLineWrapMode(QPlainTextEdit::NoWrap);
    QFont mono = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    mono.setPixelSize(fontInfo().pixelSize());
    text_->setFont(mono);
    text_->setTabChangesFocus(true);
    note_ = new QLabel;
    note_->setObjectName("configNote");
    note_->setWordWrap(true);
    note_->setTextFormat(Qt::PlainText);
    note_->hide();
    all_ = new QCheckBox(tr("All options"));
    all_->setObjectName("configAll");
    all_->setAccessibleName(tr("All options"));
    all_->setToolTip(tr("Also those that have their default"));
    const auto button = [](const char* name, const char* glyph, const QString& text, const QString& tip) {
        auto* made = new QPushButton(icon(glyph), text);
        made->setObjectName(name);
        made->setToolTip(tip);
        made->setAccessibleName(QString(text).remove(QChar(0x2026)));
        return made;
    };
    auto* open =
        button("configOpen", "document-open", tr("Open…"), tr("Read a configuration or a run's config.yaml"));
    auto* save = button("configSave", "document-save", tr("Save…"), tr("Save this configuration as YAML"));
    command_ = new QLineEdit;
    command_->setObjectName("configCommand");
    command_->setAccessibleName(tr("The same as a command"));
    command_->setReadOnly(true);
    command_->setFont(mono);
    auto* copy = button("configCopy", "edit-copy", tr("Copy"), tr("Copy the command"));
    auto* head = new QHBoxLayout;
    auto* title = new QLabel(tr("The same as a file"));
    setRole(title, "heading");
    head->addWidget(title);
    head->addStretch(1);
    head->addWidget(all_);
    head->addWidget(open);
    head->addWidget(save);
    auto* below = new QHBoxLayout;
    below->addWidget(command_, 1);
    below->addWidget(copy);
    auto* commandTitle = new QLabel(tr("The same as a command"));
    setRole(commandTitle, "muted");
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(6);
    column->addLayout(head);
    column->addWidget(text_, 1);
    column->addWidget(note_);
    column->addWidget(commandTitle);
    column->addLayout(below);
    later_ = new QTimer(this);
    later_->setSingleShot(true);
    later_->setInterval(readDelay_ms);
    connect(later_, &QTimer::timeout, this, &ConfigTextPane::read);
    connect(text_, &QPlainTextEdit::textChanged, this, [this] {
        writing_ = true;
        later_->start();
    });
    connect(all_, &QCheckBox::toggled, this, [this] {
        if (!writing_ && fault_.isEmpty()) {
            show(config_, queue_);
        }
    });
    connect(open, &QPushButton::clicked, this, &ConfigTextPane::openFile);
    connect(save, &QPushButton::clicked, this, &ConfigTextPane::saveFile);
    connect(copy, &QPushButton::clicked, this,
            [this] { QGuiApplication::clipboard()->setText(command_->text()); });
    connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, this, &ConfigTextPane::showMarks);
}

void ConfigTextPane::show(const LaunchConfig& config, bool queue) {
    // What was chosen in the form last holds, also when the text before it is not read yet.
    if (writing_ && !taking_ && fault_.isEmpty() && config.values() != config_.values()) {
        later_->stop();
        writing_ = false;
    }
    config_ = config;
    queue_ = queue;
    command_->setText(trainCommand(config.values(), queue));
    command_->setCursorPosition(0);
    command_->setToolTip(QStringLiteral("<qt>%1</qt>").arg(command_->text().toHtmlEscaped()));
    if (writing_) {
        return;
    }
    setFault({}, -1);
    const QString text = QString::fromStdString(config.text(all_->isChecked()));
    if (text != text_->toPlainText()) {
        const QSignalBlocker quiet(text_);
        text_->setPlainText(text);
    }
    showMarks();
}

void ConfigTextPane::read() {
    const QString text = text_->toPlainText();
    Job* job = runJob(
        workspace_, tr("Read the configuration"),
        [text = text.toStdString()](JobContext&) {
            ReadText read;
            try {
                read.values = read_config_text(text);
            } catch (const Error& error) {
                read.problem = QString::fromStdString(error.message());
                if (!error.remedy().empty()) {
                    read.problem += QStringLiteral(". ") + QString::fromStdString(error.remedy());
                }
                read.line = line_of_error(text, error);
            }
            return read;
        },
        this,
        [this, text](ReadText read) {
            if (!writing_ || text != text_->toPlainText()) {
                return; // a later one is on its way, or the form has changed since
            }
            if (read.problem.isEmpty()) {
                setFault({}, -1);
                {
                    const QScopedValueRollback guard(taking_, true); // the text stays as written
                    emit valuesRead(read.values);
                }
                writing_ = false;
            } else {
                setFault(read.problem, read.line);
            }
        });
    job->setReportsFailure(false);
}

void ConfigTextPane::setFault(const QString& fault, int line) {
    const bool changed = fault != fault_;
    fault_ = fault;
    faultLine_ = line;
    showMarks();
    if (changed) {
        emit faultChanged();
    }
}

void ConfigTextPane::mark(const std::vector<std::pair<QString, QString>>& faults) {
    found_ = faults;
    showMarks();
}

void ConfigTextPane::showMarks() {
    QList<QTextEdit::ExtraSelection> marks;
    const auto markLine = [&](int line) {
        const QTextBlock block = line < 0 ? QTextBlock() : text_->document()->findBlockByNumber(line);
        if (block.isValid()) {
            QTextEdit::ExtraSelection mark;
            mark.cursor = QTextCursor(block);
            mark.format.setBackground(themeColors().errorSurface);
            mark.format.setProperty(QTextFormat::FullWidthSelection, true);
            marks << mark;
        }
        return block.isValid();
    };
    QString note = fault_;
    if (!fault_.isEmpty()) {
        if (markLine(faultLine_)) {
            note = tr("Line %1: %2").arg(faultLine_ + 1).arg(fault_);
        }
    } else {
        const std::string text = text_->toPlainText().toStdString();
        for (const auto& [key, message] : found_) {
            const int line = line_of_option(text, key.toStdString());
            if (markLine(line) && note.isEmpty()) {
                note = tr("Line %1: %2").arg(line + 1).arg(message);
            }
        }
    }
    text_->setExtraSelections(marks);
    note_->setText(note);
    note_->setVisible(!note.isEmpty());
    setRole(note_, "error");
}

void ConfigTextPane::openFile() {
    const QString path = QFileDialog::getOpenFileName(this, tr("Open a configuration"), {},
                                                      tr("Configurations (*.yaml *.yml);;All files (*)"));
    if (path.isEmpty()) {
        return;
    }
    runJob(
        workspace_, tr("Open the configuration"),
        [path](JobContext&) { return resolve_config(path.toStdString(), {}).values; }, this,
        [this](const nlohmann::json& values) {
            later_->stop();
            writing_ = false;
            emit valuesRead(values);
        });
}

void ConfigTextPane::saveFile() {
    const QString path =
        QFileDialog::getSaveFileName(this, tr("Save the configuration"), QStringLiteral("training.yaml"),
                                     tr("Configurations (*.yaml *.yml)"));
    if (path.isEmpty()) {
        return;
    }
    runJob(
        workspace_, tr("Save the configuration"),
        [path, text = text_->toPlainText().toStdString()](JobContext&) {
            write_file_atomically(path.toStdString(), text);
        },
        this,
        [this, path] {
            workspace_.post({MessageKind::information, tr("Saved"), tr("It is in %1.").arg(path), {}, {}});
        });
}

} // namespace ember

#include "views/training/option_field.hpp"

#include <QCheckBox>
#include <QComboBox>
#include <QCoreApplication>
#include <QEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QToolButton>

#include "core/base/error.hpp"
#include "widgets/icon.hpp"

namespace ember {

namespace {

/// One entry as the option's kind reads it.
nlohmann::json parsed(const QString& text, OptionKind kind, const ConfigOption& option) {
    bool ok = true;
    nlohmann::json value;
    QString plain = text;
    switch (kind) {
    case OptionKind::integer:
        value = plain.remove(QLatin1Char(',')).toLongLong(&ok);
        if (!ok) {
            throw Error("BadConfig", "'" + text.toStdString() + "' is not a whole number",
                        {"", option.key, {}}, "Write a number such as 2000.");
        }
        return value;
    case OptionKind::real:
        value = plain.toDouble(&ok);
        if (!ok) {
            throw Error("BadConfig", "'" + text.toStdString() + "' is not a number", {"", option.key, {}},
                        "Write a number such as 0.001 or 1e-4.");
        }
        return value;
    default:
        return text.toStdString();
    }
}

} // namespace

QString optionText(const nlohmann::json& value) {
    if (value.is_null()) {
        return {};
    }
    if (value.is_string()) {
        return QString::fromStdString(value.get<std::string>());
    }
    if (value.is_boolean()) {
        return value.get<bool>() ? OptionField::tr("yes") : OptionField::tr("no");
    }
    if (value.is_number_float()) {
        return QString::number(value.get<double>(), 'g', 12);
    }
    if (value.is_array()) {
        QStringList parts;
        for (const nlohmann::json& part : value) {
            parts << optionText(part);
        }
        return parts.join(QStringLiteral(", "));
    }
    return QString::fromStdString(value.dump());
}

QString optionHelp(const ConfigOption& option, const nlohmann::json& fallback) {
    QString help =
        QString::fromStdString(option.title) + QStringLiteral(": ") + QString::fromStdString(option.help);
    const QString usual = optionText(fallback);
    help += QStringLiteral(" ") +
            OptionField::tr("Default: %1").arg(usual.isEmpty() ? OptionField::tr("none") : usual);
    if (!option.unit.empty() && !usual.isEmpty()) {
        help += QStringLiteral(" ") + QString::fromStdString(option.unit);
    }
    help += QStringLiteral(". ");
    if (option.fate == OptionFate::works_here) {
        help += OptionField::tr("arc-state reads it without effect; here it works. ");
    } else if (option.fate == OptionFate::notice) {
        help += OptionField::tr("Accepted, but without effect here. ");
    }
    return help + QStringLiteral("(%1)").arg(QString::fromStdString(option.key));
}

OptionField::OptionField(const ConfigOption& option, QWidget* parent) : QWidget(parent), option_(option) {
    setObjectName("option-" + key());
    QWidget* editor = makeEditor();
    editor->setObjectName("option-" + key() + "-value");
    editor->setAccessibleName(QString::fromStdString(option.title));
    editor->installEventFilter(this);
    setFocusProxy(editor);
    reset_ = new QToolButton;
    reset_->setObjectName("option-" + key() + "-reset");
    reset_->setIcon(icon("edit-undo", IconColor::muted));
    reset_->setAutoRaise(true);
    reset_->setAccessibleName(tr("Reset %1").arg(QString::fromStdString(option.title)));
    QSizePolicy keeps = reset_->sizePolicy();
    keeps.setRetainSizeWhenHidden(true);
    reset_->setSizePolicy(keeps);
    reset_->hide();
    connect(reset_, &QToolButton::clicked, this, &OptionField::resetWanted);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    row->addWidget(editor, 1);
    if (option.kind == OptionKind::path ||
        (option.kind == OptionKind::list && option.element == OptionKind::path)) {
        auto* browse = new QToolButton;
        browse->setObjectName("option-" + key() + "-browse");
        browse->setIcon(icon("folder"));
        browse->setAccessibleName(tr("Browse for %1").arg(QString::fromStdString(option.title)));
        browse->setToolTip(tr("Browse…"));
        connect(browse, &QToolButton::clicked, this, &OptionField::browse);
        row->addWidget(browse);
    }
    row->addWidget(reset_);
}

QWidget* OptionField::makeEditor() {
    if (option_.kind == OptionKind::boolean) {
        tick_ = new QCheckBox;
        connect(tick_, &QCheckBox::toggled, this, &OptionField::edited);
        return tick_;
    }
    if (option_.kind == OptionKind::choice) {
        choice_ = new QComboBox;
        for (const std::string& choice : option_.choices) {
            choice_->addItem(QString::fromStdString(choice));
        }
        connect(choice_, &QComboBox::currentIndexChanged, this, &OptionField::edited);
        return choice_;
    }
    line_ = new QLineEdit;
    connect(line_, &QLineEdit::textEdited, this, &OptionField::edited);
    return line_;
}

void OptionField::show(const nlohmann::json& value, const nlohmann::json& fallback) {
    if (tick_ != nullptr) {
        const QSignalBlocker quiet(tick_);
        tick_->setChecked(value.is_boolean() && value.get<bool>());
    } else if (choice_ != nullptr) {
        const QSignalBlocker quiet(choice_);
        choice_->setCurrentIndex(choice_->findText(optionText(value)));
    } else {
        bool same = false;
        try {
            same = this->value() == value;
        } catch (const Error&) {
            same = false;
        }
        if (!same || (line_->text().isEmpty() && !value.is_null())) {
            line_->setText(optionText(value));
        }
        const QString usual = optionText(fallback);
        line_->setPlaceholderText(usual.isEmpty() ? tr("none") : usual);
    }
    reset_->setVisible(value != fallback);
    const QString usual = optionText(fallback);
    reset_->setToolTip(tr("Back to the default: %1").arg(usual.isEmpty() ? tr("none") : usual));
    setToolTip(QStringLiteral("<qt>%1</qt>").arg(optionHelp(option_, fallback).toHtmlEscaped()));
}

nlohmann::json OptionField::value() const {
    if (tick_ != nullptr) {
        return tick_->isChecked();
    }
    if (choice_ != nullptr) {
        return choice_->currentText().toStdString();
    }
    const QString text = line_->text().trimmed();
    if (option_.kind == OptionKind::list) {
        nlohmann::json list = nlohmann::json::array();
        for (const QString& part : text.split(QLatin1Char(','), Qt::SkipEmptyParts)) {
            list.push_back(parsed(part.trimmed(), option_.element, option_));
        }
        return list;
    }
    if (text.isEmpty()) {
        return option_.fallback.is_string() ? nlohmann::json("") : nlohmann::json();
    }
    return parsed(text, option_.kind, option_);
}

void OptionField::browse() {
    const QString here = line_->text();
    const bool folder = option_.key == "output_dir" || option_.key.ends_with("init_from");
    const QString path = folder ? QFileDialog::getExistingDirectory(this, tr("Choose a folder"), here)
                                : QFileDialog::getOpenFileName(this, tr("Choose a file"), here);
    if (!path.isEmpty()) {
        line_->setText(path);
        emit edited();
    }
}

bool OptionField::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::FocusIn) {
        emit looked(key());
    } else if (event->type() == QEvent::Wheel && choice_ != nullptr && !choice_->hasFocus()) {
        event->ignore(); // the wheel scrolls the form, it does not change what it passes
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void OptionField::enterEvent(QEnterEvent* event) {
    QWidget::enterEvent(event);
    emit looked(key());
}

} // namespace ember

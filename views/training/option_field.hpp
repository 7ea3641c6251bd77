#pragma once
// The field of one option of the configuration: made from the schema, whatever its kind.

#include <QWidget>

#include "core/experiment/config_schema.hpp"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QToolButton;

namespace ember {

/// Object name "option-<key>"; inside "option-<key>-value" and "option-<key>-reset".
class OptionField : public QWidget {
    Q_OBJECT
public:
    explicit OptionField(const ConfigOption& option, QWidget* parent = nullptr);

    const ConfigOption& option() const { return option_; }
    QString key() const { return QString::fromStdString(option_.key); }

    /// Shows a value; `fallback` is what the reset button brings back. Emits nothing. A text that the user is
    /// just typing stays when it says the same.
    void show(const nlohmann::json& value, const nlohmann::json& fallback);
    /// What the field says. Throws BadConfig for text that is no number.
    nlohmann::json value() const;

signals:
    void edited();
    void resetWanted();
    void looked(const QString& key); ///< the mouse or the keyboard came to it

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void enterEvent(QEnterEvent* event) override;

private:
    QWidget* makeEditor();
    void browse();

    const ConfigOption& option_; ///< of config_options(), which lives as long as the program
    QCheckBox* tick_ = nullptr;
    QComboBox* choice_ = nullptr;
    QLineEdit* line_ = nullptr;
    QToolButton* reset_ = nullptr;
};

/// As fields and hints show it: "0.0001", "none", "gelu", "64, 32".
QString optionText(const nlohmann::json& value);
/// "Learning rate. How far … Default 0.0001. training.lr"
QString optionHelp(const ConfigOption& option, const nlohmann::json& fallback);

} // namespace ember

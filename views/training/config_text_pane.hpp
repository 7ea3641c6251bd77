#pragma once
// The configuration as text beside the form: edits in one show in the other.

#include <QPointer>
#include <QWidget>

#include "views/training/launch_config.hpp"
#include "views/workspace.hpp"

class QCheckBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QTimer;

namespace ember {

class ConfigTextPane : public QWidget {
    Q_OBJECT
public:
    explicit ConfigTextPane(Workspace& workspace, QWidget* parent = nullptr);

    /// Shows the configuration, unless the text says the same or the user is writing.
    void show(const LaunchConfig& config, bool queue);
    /// Marks what the check of the run found, at its lines.
    void mark(const std::vector<std::pair<QString, QString>>& faults); ///< option, message
    bool hasFault() const { return !fault_.isEmpty(); }                ///< the text cannot be read

signals:
    void valuesRead(const nlohmann::json& values); ///< the user wrote a whole configuration
    void faultChanged();

private:
    void read();
    void setFault(const QString& fault, int line);
    void showMarks();
    void openFile();
    void saveFile();

    Workspace& workspace_;
    QPlainTextEdit* text_ = nullptr;
    QLabel* note_ = nullptr;
    QCheckBox* all_ = nullptr;
    QLineEdit* command_ = nullptr;
    QTimer* later_ = nullptr;
    LaunchConfig config_; ///< as last shown
    QString fault_;
    int faultLine_ = -1;
    std::vector<std::pair<QString, QString>> found_;
    bool queue_ = false;   ///< as last shown
    bool writing_ = false; ///< the text was edited and is not read yet
    bool taking_ = false;  ///< its values are handed over now
};

} // namespace ember

#pragma once
// The form that starts a run: data, where to start from, what to learn, options, and what it will cost.

#include <map>
#include <optional>
#include <vector>

#include <QJsonObject>
#include <QPointer>
#include <QWidget>

#include "core/experiment/preparation.hpp"
#include "views/training/launch_config.hpp"
#include "views/workspace.hpp"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QScrollArea;
class QSplitter;
class QTimer;
class QToolButton;
class QVBoxLayout;

namespace ember {

class ConfigTextPane;
class FieldForm;
class FieldRow;
class OptionField;

class LaunchForm : public QWidget {
    Q_OBJECT
public:
    explicit LaunchForm(Workspace& workspace, QWidget* parent = nullptr);
    ~LaunchForm() override;

    /// Fills in these where given; else what is current, as long as the form is untouched.
    void choose(DocumentRef dataset, DocumentRef model);
    const LaunchConfig& config() const { return config_; }
    /// Sets an option as its field would.
    void set(const QString& key, const nlohmann::json& value);
    void setFolder(const QString& folder); ///< proposed for runs; empty: beside the data
    QString folder() const;
    void setBusyRuns(int runs); ///< that train now

    bool canStart() const;
    QString state() const;                   ///< why it cannot start, or what it will cost
    FieldRow* row(const QString& key) const; ///< null when it is not in sight
    ConfigTextPane* text() const { return text_; }

    QJsonObject settings() const;
    void restore(const QJsonObject& settings);

signals:
    void startWanted(const nlohmann::json& values, bool queue);
    void closed();
    void checked(); ///< findings and estimate are shown

private:
    enum class HoldOutChoice { none, file, make };
    /// Options that are seldom changed, made when they are first opened or searched.
    struct Section {
        std::string name;
        QToolButton* head = nullptr;
        FieldForm* body = nullptr;
        bool filled = false;
    };
    void build();
    QWidget* buildForm();
    QWidget* buildFoot();
    void buildDataRows();
    void buildVariant();
    void buildSections(QVBoxLayout* column);
    void buildMainOptions();
    QComboBox* addColumn(const char* key, const QString& label, const char* name);
    FieldRow* addOption(FieldForm& form, const std::string& key, const QString& label = {});
    void fillSection(Section& section);
    void openSection(Section& section, bool open);
    void search(const QString& words);

    void listDocuments();
    void takeData(const QStringList& files);
    void chooseFiles();
    void takeStart(const QString& start);
    void startFrom(const QString& run);
    void guessColumns();
    void readLabels();
    void setHoldOut(HoldOutChoice choice);
    void makeHoldOut();
    void proposePlace();
    const DatasetDocument* dataset() const;
    QStringList dataFiles() const; ///< .h5ad files, or the one .toml

    void put(const std::string& key, const nlohmann::json& value);
    void configChanged();
    void showValues();
    void showFindings();
    void showFoot();
    void check();
    void startRun();

    Workspace& workspace_;
    LaunchConfig config_;
    std::map<std::string, QString> refused_; ///< by option: why its field's text was not taken
    std::map<std::string, OptionField*> fields_;
    std::map<std::string, FieldRow*> rows_;
    std::map<std::string, QComboBox*> columns_;
    std::vector<Section> sections_;
    FieldForm* form_ = nullptr;
    QComboBox *data_ = nullptr, *start_ = nullptr, *holdOut_ = nullptr;
    QCheckBox *lora_ = nullptr, *mhc_ = nullptr, *velocity_ = nullptr, *queue_ = nullptr;
    QLineEdit* search_ = nullptr;
    QLabel *info_ = nullptr, *estimate_ = nullptr, *state_ = nullptr, *elsewhere_ = nullptr,
           *notes_ = nullptr;
    QScrollArea* scroll_ = nullptr;
    QPushButton* go_ = nullptr;
    QToolButton* textButton_ = nullptr;
    QSplitter* split_ = nullptr;
    ConfigTextPane* text_ = nullptr;
    QTimer* checking_ = nullptr;
    QPointer<Job> check_, holding_, reading_;
    std::optional<Preparation> preparation_;
    QString folder_, proposedName_, proposedFolder_, holdOutNote_;
    QString unchecked_; ///< why the last check has no result; empty: it has, or is under way
    QStringList files_; ///< the data chosen before a split was made of it
    int busyRuns_ = 0;
    bool filling_ = false, touched_ = false;
};

} // namespace ember

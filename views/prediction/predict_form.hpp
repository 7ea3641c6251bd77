#pragma once
// The predict form: data, model, columns guessed with reasons; starts the prediction as a job.

#include <map>
#include <optional>

#include <QPointer>

#include "views/prediction/predict_check.hpp"
#include "views/view.hpp"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QTimer;
class QToolButton;

namespace ember {

class FieldForm;
class FieldRow;
class MessageBar;

class PredictForm : public View {
    Q_OBJECT
public:
    explicit PredictForm(Workspace& workspace, QWidget* parent = nullptr);

    DocumentRef document() const override { return {}; }
    void showDocument(DocumentRef) override {}
    QJsonObject settings() const override;
    void restore(const QJsonObject& settings) override;

    /// Chooses data and model where given; else what is current, else the first open one.
    void choose(DocumentRef dataset, DocumentRef model);

    void setCheckpoint(const QString& file); ///< one of the model's; empty: the usual one

    InferRequest request() const;
    bool isGuessing() const { return !guessing_.isNull(); } ///< columns are being read
    /// Starts the prediction; null when a problem is in the way.
    Job* predict();

signals:
    void guessed(); ///< fields are filled for the chosen data and model

private:
    struct Guess;
    void buildFields();
    void buildAdvanced();
    void buildFoot();
    QComboBox* addChoice(PredictField field, const QString& label, const char* name);
    void listDocuments();
    void proposeModel();
    void guess();
    void fill(const Guess& guess);
    void readLabels();
    void setLabels(std::vector<std::string> labels, const QString& preferred);
    void proposeOutput();
    void check();
    void browse();
    void showFoot();
    void follow(Job* job);
    const DatasetDocument* dataset() const;
    const ModelDocument* model() const;

    Workspace& workspace_;
    FieldForm* form_ = nullptr;
    std::map<PredictField, FieldRow*> rows_;
    std::map<PredictField, QString> reasons_;
    QComboBox *data_ = nullptr, *model_ = nullptr, *pert_ = nullptr, *control_ = nullptr,
              *celltype_ = nullptr, *batch_ = nullptr, *embed_ = nullptr;
    QLineEdit *output_ = nullptr, *celltypes_ = nullptr, *key_ = nullptr, *checkpoint_ = nullptr;
    QSpinBox *seed_ = nullptr, *threads_ = nullptr;
    QCheckBox* truncate_ = nullptr;
    QToolButton* advancedButton_ = nullptr;
    FieldForm* advanced_ = nullptr;
    QPushButton *predict_ = nullptr, *cancel_ = nullptr;
    QLabel* state_ = nullptr;
    QTimer* checking_ = nullptr;
    PerturbationLabels labels_;
    std::vector<PredictProblem> problems_;
    bool modelPicked_ = false; ///< by the user: stays when the data changes
    QString proposedOutput_, lastFolder_;
    QPointer<Job> guessing_, reading_, running_;
};

} // namespace ember

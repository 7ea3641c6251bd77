#pragma once
// What views know of the window: the open documents, jobs, messages, and which document is current.

#include <memory>
#include <vector>

#include <QJsonObject>
#include <QObject>
#include <QString>
#include <QStringList>

#include "views/document.hpp"
#include "views/job.hpp"

class QUndoStack;

namespace ember {

class Selections;

enum class MessageKind { information, warning, error };

/// Shown as a bar above the views until closed.
struct Message {
    MessageKind kind = MessageKind::information;
    QString title;   ///< error class or a word or two: "BadSparse", "Exported"
    QString text;    ///< one sentence
    QString remedy;  ///< what to do; may be empty
    QString details; ///< place, more; shown on demand
    bool operator==(const Message&) const = default;
};

Message messageFrom(const JobError& error);

/// The open documents. Pointers stay valid until documentClosing() of that document.
class Workspace : public QObject {
    Q_OBJECT
public:
    explicit Workspace(QObject* parent = nullptr);
    ~Workspace() override;

    virtual std::vector<const DatasetDocument*> datasets() const = 0;
    virtual std::vector<const ModelDocument*> models() const = 0;
    virtual std::vector<const PredictionDocument*> predictions() const = 0;

    const DatasetDocument* dataset(int id) const; ///< null when not open
    const ModelDocument* model(int id) const;
    const PredictionDocument* prediction(int id) const;
    /// The data set itself, or the output file of a prediction; null for models.
    const DatasetDocument* dataOf(DocumentRef document) const;

    virtual DocumentRef current() const = 0;
    virtual void setCurrent(DocumentRef document) = 0;

    /// Opens files and run directories of any kind, each as a job; a failure ends as a message.
    virtual void open(const QStringList& paths) = 0;
    virtual void close(DocumentRef document) = 0;
    /// Opens the file that `infer` wrote, or, when it wrote none (.npy), says where it is.
    virtual void addPrediction(const InferRequest& request, const InferResult& result) = 0;
    virtual void setSchema(DocumentRef document, const Schema& schema) = 0;

    Selections& selections() const { return *selections_; } ///< views/selections.hpp
    QUndoStack& history() const { return *history_; }       ///< everything that can be undone

    /// Asks every view that colours cells to colour them by this gene; `source`: the matrix that has it.
    void chooseGene(DocumentRef document, const MatrixSource& source, const QString& gene) {
        emit geneChosen(document, source, gene);
    }
    /// The same by an obs column.
    void chooseColumn(DocumentRef document, const QString& column) { emit columnChosen(document, column); }

    virtual void start(Job* job) = 0; ///< takes ownership and queues it
    virtual void post(const Message& message) = 0;

    /// Brings a view to the front on a document; see ViewRegistry for the names.
    virtual void showView(const QString& viewName, DocumentRef document) = 0;
    /// Opens the predict form with these chosen (either may be empty).
    virtual void askToPredict(DocumentRef dataset, DocumentRef model) = 0;
    /// The same with one of the model's checkpoints (a file).
    virtual void askToPredictWith(DocumentRef, const QString&) {}
    /// Opens the form that trains with these chosen (either may be empty).
    virtual void askToTrain(DocumentRef, DocumentRef) {}

signals:
    void documentAdded(ember::DocumentRef document);
    void documentChanged(ember::DocumentRef document); ///< its schema was set
    void documentClosing(ember::DocumentRef document);
    void currentChanged(ember::DocumentRef document);
    void geneChosen(ember::DocumentRef document, const ember::MatrixSource& source, const QString& gene);
    void columnChosen(ember::DocumentRef document, const QString& column);
    /// Undo or redo asks a view for settings that it had; see views/undo.hpp.
    void viewSettingsWanted(const QString& viewName, const QJsonObject& settings);

private:
    std::unique_ptr<QUndoStack> history_;
    std::unique_ptr<Selections> selections_;
};

} // namespace ember

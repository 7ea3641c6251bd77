#pragma once
// The workspace: which documents are open and which one is current.

#include <memory>

#include <QMap>
#include <QSet>

#include "app/window/job_centre.hpp"
#include "app/window/open_file.hpp"
#include "app/window/session.hpp"
#include "views/workspace.hpp"

namespace ember {

class OpenDocuments : public Workspace {
    Q_OBJECT
public:
    explicit OpenDocuments(JobCentre& jobs, QObject* parent = nullptr);
    ~OpenDocuments() override;

    std::vector<const DatasetDocument*> datasets() const override;
    std::vector<const ModelDocument*> models() const override;
    std::vector<const PredictionDocument*> predictions() const override;
    bool isEmpty() const;

    DocumentRef current() const override { return current_; }
    void setCurrent(DocumentRef document) override;
    void open(const QStringList& paths) override;
    void close(DocumentRef document) override;
    void closeAll();
    void addPrediction(const InferRequest& request, const InferResult& result) override;
    void setSchema(DocumentRef document, const Schema& schema) override;
    void start(Job* job) override;
    void post(const Message& message) override;
    void showView(const QString& viewName, DocumentRef document) override;
    void askToPredict(DocumentRef dataset, DocumentRef model) override;
    void askToPredictWith(DocumentRef model, const QString& checkpoint) override;
    void askToTrain(DocumentRef dataset, DocumentRef model) override;

    /// The documents as the session keeps them.
    QList<SessionDocument> forSession() const;
    /// Opens them again, in this order; the one at `currentPath` becomes current. A document whose cells have
    /// changed since loses its selections, which a message says.
    void restore(const QList<SessionDocument>& documents, const QString& currentPath);

    QString pathOf(DocumentRef document) const;
    QString nameOf(DocumentRef document) const;

signals:
    void messagePosted(const ember::Message& message);
    void viewRequested(const QString& viewName, ember::DocumentRef document);
    void predictRequested(ember::DocumentRef dataset, ember::DocumentRef model);
    void predictWithRequested(ember::DocumentRef model, const QString& checkpoint);
    void trainRequested(ember::DocumentRef dataset, ember::DocumentRef model);
    void sessionRequested(const QString& path); ///< a .emberview file was among the paths to open
    void opened(const QString& path);           ///< by the user, not by a session or a job

private:
    /// What is known beforehand about a document that is being opened.
    struct Opening {
        SessionDocument remembered;
        bool becomesCurrent = false, byUser = false;
        bool staysBehind = false; ///< another one will be current
    };
    void startOpening(const QString& path, const Opening& opening);
    DocumentRef keep(OpenedDocument opened, const SessionDocument& remembered);
    DocumentRef add(DocumentRef document);
    DocumentRef refOf(const QString& path) const;
    void reportFailure(Job* job);
    int rankOf(DocumentRef document) const;
    void dropLostSelections();

    JobCentre& jobs_;
    std::vector<std::unique_ptr<DatasetDocument>> datasets_;
    std::vector<std::unique_ptr<ModelDocument>> models_;
    std::vector<std::unique_ptr<PredictionDocument>> predictions_;
    std::vector<DocumentRef> order_; ///< as opened
    QSet<QString> opening_;          ///< canonical paths
    QStringList restoredPaths_;      ///< their order counts, although files open side by side
    QMap<QString, QString> changed_; ///< path → fingerprint of the cells that it had in the session
    DocumentRef current_;
    int lastId_ = 0;
};

} // namespace ember

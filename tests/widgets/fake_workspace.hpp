#pragma once
// A workspace with one data set, that runs jobs at once and remembers what it was asked.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <QElapsedTimer>
#include <QFileInfo>
#include <QTest>

#include "core/analysis/schema_guess.hpp"
#include "views/workspace.hpp"

class FakeWorkspace : public ember::Workspace {
public:
    explicit FakeWorkspace(const std::string& file) {
        document_.id = 1;
        document_.path = QString::fromStdString(file);
        document_.name = QFileInfo(document_.path).completeBaseName();
        document_.data = ember::AnnData::open(file);
        document_.schema = ember::guess_schema(*document_.data);
        document_.problems = ember::find_problems(*document_.data);
    }

    ember::DatasetDocument& data() { return document_; }
    ember::DocumentRef ref() const { return {ember::DocumentKind::dataset, 1}; }

    /// Runs the event loop until all jobs have ended; false after half a minute.
    bool waitForJobs() {
        return QTest::qWaitFor(
            [this] {
                QCoreApplication::sendPostedEvents();
                for (const ember::Job* job : jobs) {
                    if (!job->isFinished())
                        return false;
                }
                return true;
            },
            30000);
    }

    std::vector<const ember::DatasetDocument*> datasets() const override { return {&document_}; }
    std::vector<const ember::ModelDocument*> models() const override { return {}; }
    std::vector<const ember::PredictionDocument*> predictions() const override { return {}; }
    ember::DocumentRef current() const override { return ref(); }
    void setCurrent(ember::DocumentRef) override {}
    void open(const QStringList& paths) override { opened = paths; }
    void close(ember::DocumentRef document) override { emit documentClosing(document); }
    void addPrediction(const ember::InferRequest&, const ember::InferResult&) override {}
    void setSchema(ember::DocumentRef document, const ember::Schema& schema) override {
        document_.schema = schema;
        ++schemasSet;
        emit documentChanged(document);
    }
    void start(ember::Job* job) override {
        job->setParent(this);
        jobs.push_back(job);
        if (!holdsJobs)
            job->start();
    }
    void post(const ember::Message& message) override { messages.push_back(message); }
    void showView(const QString&, ember::DocumentRef) override {}
    void askToPredict(ember::DocumentRef dataset, ember::DocumentRef) override { askedToPredict = dataset; }

    std::vector<ember::Job*> jobs;
    std::vector<ember::Message> messages;
    QStringList opened;
    ember::DocumentRef askedToPredict;
    int schemasSet = 0;
    bool holdsJobs = false; ///< leaves jobs queued

private:
    ember::DatasetDocument document_;
};

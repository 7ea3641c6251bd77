#include "window_fixture.hpp"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QThread>

namespace ember::test {

bool waitFor(const std::function<bool()>& done, int seconds) {
    QElapsedTimer clock;
    clock.start();
    while (!done()) {
        if (clock.elapsed() > seconds * 1000LL) {
            return false;
        }
        QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        QThread::msleep(2);
    }
    return true;
}

void expectSame(Session actual, Session expected) {
    actual.geometry = expected.geometry = {};
    actual.docks = expected.docks = {};
    const QJsonObject is = sessionToJson(actual), shouldBe = sessionToJson(expected);
    for (const QString& member : shouldBe.keys()) {
        const auto text = [&](const QJsonObject& json) {
            return QJsonDocument(QJsonObject{{member, json[member]}}).toJson().toStdString();
        };
        EXPECT_EQ(text(is), text(shouldBe));
    }
    EXPECT_TRUE(actual == expected);
}

WindowTest::WindowTest() {
    const QDir left(sessionFolder()); // what other tests left must not be offered here
    for (const QFileInfo& file : left.entryInfoList({"running-*"}, QDir::Files)) {
        QFile::remove(file.absoluteFilePath());
    }
    window = std::make_unique<MainWindow>();
    window->show();
}

WindowTest::~WindowTest() = default;

bool WindowTest::waitUntilIdle(int seconds) {
    return waitFor([this] { return window->jobs().isIdle(); }, seconds);
}

void WindowTest::openDemo() {
    window->openDemo();
    ASSERT_TRUE(waitUntilIdle());
    ASSERT_EQ(window->documents().datasets().size(), 2u);
    ASSERT_EQ(window->documents().models().size(), 3u);
}

DocumentRef WindowTest::named(const QString& name) {
    const OpenDocuments& documents = window->documents();
    for (const auto* dataset : documents.datasets()) {
        if (dataset->name == name) {
            return {DocumentKind::dataset, dataset->id};
        }
    }
    for (const auto* model : documents.models()) {
        if (model->name == name) {
            return {DocumentKind::model, model->id};
        }
    }
    for (const auto* prediction : documents.predictions()) {
        if (prediction->name == name) {
            return {DocumentKind::prediction, prediction->id};
        }
    }
    ADD_FAILURE() << "not open: " << name.toStdString();
    return {};
}

} // namespace ember::test

#pragma once
// A window to act on, and waiting for what it does.

#include <functional>
#include <memory>

#include <QTemporaryDir>

#include <gtest/gtest.h>

#include "app/window/main_window.hpp"

namespace ember::test {

/// Handles events until `done()`; false after `seconds`.
bool waitFor(const std::function<bool()>& done, int seconds = 60);

/// Fails the test with the names of the members that differ. Sizes in pixels do not count: a test's screen is
/// narrower than the window, whose least width follows the texts that it shows.
void expectSame(Session actual, Session expected);

/// The jobs are there before the workspace that connects to them.
struct JobHolder {
    JobCentre jobs;
};

/// A workspace without a window.
struct LoneWorkspace : JobHolder, OpenDocuments {
    LoneWorkspace() : OpenDocuments(jobs) {}
};

class WindowTest : public testing::Test {
protected:
    WindowTest();
    ~WindowTest() override;

    /// Opens the demo and waits: wound and PBMC cells, three models.
    void openDemo();
    bool waitUntilIdle(int seconds = 60);

    /// The open document of this name; fails the test when there is none.
    DocumentRef named(const QString& name);

    template<typename Widget>
    Widget& find(const char* name) {
        auto* widget = window->findChild<Widget*>(name);
        if (widget == nullptr) {
            throw std::runtime_error(std::string("no widget ") + name);
        }
        return *widget;
    }

    QTemporaryDir folder;
    std::unique_ptr<MainWindow> window;
};

} // namespace ember::test

#pragma once
// An application that knows how long its event handlers take.

#include <string>

#include <QApplication>

namespace ember::test {

/// Measures the processor time of the GUI thread, so that a busy machine does not count.
class WatchedApplication : public QApplication {
    Q_OBJECT
public:
    using QApplication::QApplication;
    bool notify(QObject* receiver, QEvent* event) override;

    struct Handler {
        double cpu_ms = 0;
        std::string what; ///< receiver and event, with the longest of the events handled inside
    };
    /// Forgets what was measured before and calls every further handler by this name.
    void watch(const QString& stage);
    const Handler& longest() const { return longest_; }

private:
    QString stage_;
    Handler longest_, inner_;
    int depth_ = 0;
};

} // namespace ember::test

#include "app/window/start_report.hpp"

#include <cstdio>
#include <ctime>
#include <unistd.h>

#include <QEvent>
#include <QFile>
#include <QTimer>
#include <QWidget>

namespace ember {

namespace {

/// Field 22 of /proc/self/stat: clock ticks between the machine's start and the process's.
double processStartSeconds() {
    QFile file("/proc/self/stat");
    if (!file.open(QIODevice::ReadOnly)) {
        return 0;
    }
    const QByteArray line = file.readAll();
    // The second field, the name, may hold spaces; fields are counted behind its bracket.
    const QList<QByteArray> fields = line.mid(line.lastIndexOf(')') + 2).split(' ');
    return fields.value(19).toDouble() / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double millisecondsSinceStart() {
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec) -
            processStartSeconds()) *
           1000;
}

class FirstFrame : public QObject {
public:
    using QObject::QObject;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override {
        if (event->type() == QEvent::Paint && !seen_) {
            seen_ = true;
            // Behind the paint and all that was queued before it: the loop answers.
            QTimer::singleShot(0, this, [this] {
                std::printf("start_ms %.0f\n", millisecondsSinceStart());
                std::fflush(stdout);
                deleteLater();
            });
        }
        return QObject::eventFilter(watched, event);
    }

private:
    bool seen_ = false;
};

} // namespace

void reportStart(QWidget* window) {
    if (qEnvironmentVariableIsSet("EMBER_REPORT_START")) {
        window->installEventFilter(new FirstFrame(window));
    }
}

} // namespace ember

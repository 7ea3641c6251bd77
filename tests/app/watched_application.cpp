#include "watched_application.hpp"

#include <ctime>

#include <QEvent>
#include <QMetaEnum>

namespace ember::test {

namespace {

double cpuOfThisThread_ms() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) * 1e-6;
}

std::string nameOf(const char* className, const QString& objectName, int type) {
    const char* event = QMetaEnum::fromType<QEvent::Type>().valueToKey(type);
    return QString("%1 '%2' %3")
        .arg(className, objectName, event == nullptr ? QString::number(type) : QString(event))
        .toStdString();
}

} // namespace

void WatchedApplication::watch(const QString& stage) {
    stage_ = stage;
    longest_ = {};
}

bool WatchedApplication::notify(QObject* receiver, QEvent* event) {
    // The receiver may be gone afterwards.
    const char* className = receiver->metaObject()->className();
    const QString objectName = receiver->objectName();
    const int type = event->type();
    const bool outer = depth_ == 0;
    if (outer) {
        inner_ = {};
    }
    ++depth_;
    const double start = cpuOfThisThread_ms();
    const bool handled = QApplication::notify(receiver, event);
    const double took = cpuOfThisThread_ms() - start;
    --depth_;
    if (!outer && took > inner_.cpu_ms) {
        inner_ = {took, nameOf(className, objectName, type)};
    }
    if (outer && took > longest_.cpu_ms) {
        longest_ = {took, stage_.toStdString() + ": " + nameOf(className, objectName, type)};
        if (inner_.cpu_ms > 1) {
            longest_.what += " (inside: " + std::to_string(inner_.cpu_ms) + " ms " + inner_.what + ")";
        }
    }
    return handled;
}

} // namespace ember::test

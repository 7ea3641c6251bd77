#include "app/window/screenshot.hpp"

#include <cstdio>

#include <QCoreApplication>
#include <QPixmap>
#include <QTimer>
#include <QWidget>

#include "app/window/job_centre.hpp"

namespace ember {

void saveScreenshotWhenIdle(QWidget& window, JobCentre& jobs, const QString& path) {
    constexpr int settle_ms = 700;
    auto* settled = new QTimer(&window);
    settled->setSingleShot(true);
    settled->setInterval(settle_ms);
    const auto wait = [settled, &jobs] { jobs.isIdle() ? settled->start() : settled->stop(); };
    QObject::connect(&jobs, &JobCentre::countChanged, settled, wait);
    QObject::connect(settled, &QTimer::timeout, &window, [&window, path] {
        const bool saved = window.grab().save(path, "PNG");
        if (!saved) {
            std::fprintf(stderr, "error: The picture could not be written to %s.\n", qUtf8Printable(path));
        }
        QCoreApplication::exit(saved ? 0 : 4);
    });
    wait();
}

} // namespace ember

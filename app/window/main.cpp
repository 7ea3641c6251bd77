// emberview: the window.

#include <cstdio>

#include <QApplication>
#include <QTimer>

#include "app/window/arguments.hpp"
#include "app/window/figure_command.hpp"
#include "app/window/main_window.hpp"
#include "app/window/report_command.hpp"
#include "app/window/screenshot.hpp"
#include "app/window/start_report.hpp"
#include "app/window/theme_choice.hpp"

namespace {

int tell(std::FILE* stream, const QString& text, int status) {
    std::fputs(qUtf8Printable(text), stream);
    return status;
}

} // namespace

int main(int argc, char** argv) {
    QStringList given;
    for (int at = 1; at < argc; ++at) {
        given << QString::fromLocal8Bit(argv[at]);
    }
    if (!given.isEmpty() && given.first() == "figure") {
        return ember::runFigureCommand({argv + 1, argv + argc}, argv[0]);
    }
    if (!given.isEmpty() && given.first() == "report") {
        return ember::runReportCommand({argv + 1, argv + argc}, argv[0]);
    }
    const ember::Arguments arguments = ember::parseArguments(given);
    if (!arguments.error.isEmpty()) {
        return tell(stderr, "error: " + arguments.error + " See emberview --help.\n", 2);
    }
    if (arguments.help) {
        return tell(stdout, ember::helpText(), 0);
    }
    if (arguments.version) {
        return tell(stdout, "emberview " EMBER_VERSION "\n", 0);
    }

    int ownArgc = 1; // Qt's own options are no part of this program's
    QApplication application(ownArgc, argv);
    QApplication::setApplicationName("emberview");
    QApplication::setOrganizationName("emberview");
    QApplication::setApplicationDisplayName("Emberview");
    QApplication::setApplicationVersion(EMBER_VERSION);
    QApplication::setDesktopFileName("emberview");
    if (!arguments.theme.isEmpty()) {
        ember::ThemeChoice::save(ember::themeModeFrom(arguments.theme));
    }
    ember::applyTheme(application, ember::ThemeChoice::saved());

    ember::MainWindow window;
    ember::reportStart(&window);
    window.show();
    // Behind the first frame: opening may wait for a disk.
    QTimer::singleShot(0, &window, [&window, &arguments] {
        if (arguments.demo) {
            window.openDemo();
        }
        window.openFiles(arguments.files);
        if (!arguments.screenshot.isEmpty()) {
            ember::saveScreenshotWhenIdle(window, window.jobs(), arguments.screenshot);
        }
    });
    return QApplication::exec();
}

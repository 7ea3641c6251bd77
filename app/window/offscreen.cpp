#include "app/window/offscreen.hpp"

#include <algorithm>
#include <cstdio>

#include <QApplication>

#include "app/cli/interrupt.hpp"
#include "app/cli/terminal.hpp"
#include "core/base/threads.hpp"
#include "widgets/theme.hpp"

namespace ember {

OffscreenProgram::OffscreenProgram() : stop_(cli::watch_interrupts()) {}

int OffscreenProgram::run(char* program, const OffscreenOptions& options,
                          const std::function<int(JobContext&)>& work) const {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    qInstallMessageHandler([](QtMsgType type, const QMessageLogContext&, const QString& text) {
        if (type == QtCriticalMsg ||
            type == QtFatalMsg) { // the rest is about desktops, of which there is none
            std::fprintf(stderr, "%s\n", qUtf8Printable(text));
        }
    });
    int count = 1;
    QApplication application(count, &program);
    QApplication::setApplicationName("emberview");
    QApplication::setApplicationDisplayName("Emberview");
    QApplication::setApplicationVersion(EMBER_VERSION);
    applyTheme(application, options.dark ? ThemeMode::dark : ThemeMode::light);
    set_thread_budget(options.threads);
    cli::TerminalListener listener(options.quiet);
    JobContext job(&listener, stop_);
    return work(job);
}

std::string hyphened(std::string argument) {
    if (argument.starts_with("--")) {
        std::replace(argument.begin(),
                     argument.begin() +
                         static_cast<std::ptrdiff_t>(std::min(argument.find('='), argument.size())),
                     '_', '-');
    }
    return argument;
}

} // namespace ember

#include "app/window/arguments.hpp"

#include <optional>

#include <QCoreApplication>

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::Arguments", text);
}

} // namespace

Arguments parseArguments(const QStringList& arguments) {
    Arguments parsed;
    bool filesOnly = false;
    for (qsizetype at = 0; at < arguments.size(); ++at) {
        const QString& argument = arguments[at];
        const auto value = [&](const QString& option) -> std::optional<QString> {
            if (argument.startsWith(option + '=')) {
                return argument.mid(option.size() + 1);
            }
            if (argument != option) {
                return std::nullopt;
            }
            if (at + 1 == arguments.size()) {
                parsed.error = tr("%1 needs a value.").arg(option);
                return QString();
            }
            return arguments[++at];
        };
        if (filesOnly || !argument.startsWith('-') || argument == "-") {
            parsed.files << argument;
        } else if (argument == "--") {
            filesOnly = true;
        } else if (argument == "--demo") {
            parsed.demo = true;
        } else if (argument == "--help" || argument == "-h") {
            parsed.help = true;
        } else if (argument == "--version") {
            parsed.version = true;
        } else if (const auto file = value("--screenshot")) {
            parsed.screenshot = *file;
        } else if (const auto theme = value("--theme")) {
            parsed.theme = *theme;
            if (parsed.error.isEmpty() && !QStringList{"system", "light", "dark"}.contains(*theme)) {
                parsed.error = tr("--theme is system, light or dark, not %1.").arg(*theme);
            }
        } else {
            parsed.error = tr("There is no option %1.").arg(argument);
        }
        if (!parsed.error.isEmpty()) {
            break;
        }
    }
    return parsed;
}

QString helpText() {
    return tr(
        "Usage: emberview [OPTIONS] [FILES…]\n"
        "       emberview figure predictions --adata FILE --obsm KEY --output FIGURE.{png,svg,pdf} …\n"
        "       emberview report --adata-real FILE --adata-pred FILE … --output REPORT.{html,pdf}\n"
        "Workbench for virtual-cell models: opens .h5ad files, 10x .h5 matrices, ST run directories,\n"
        "checkpoints and .emberview sessions.\n"
        "\n"
        "  --demo             open the demo workspace: two data sets and three models\n"
        "  --theme MODE       system, light or dark (kept for the next start)\n"
        "  --screenshot FILE  write a picture of the window to FILE (PNG) once everything is open, then "
        "quit\n"
        "  --version          print the version\n"
        "  -h, --help         print this help\n"
        "\n"
        "Environment: EMBER_REPORT_START=1 prints the milliseconds from the start of the process to the\n"
        "first painted frame. Figures without a display: emberview figure predictions --help. The same work\n"
        "without a window: emberview-cli --help\n");
}

} // namespace ember

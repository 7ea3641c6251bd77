#include "views/training/run_start.hpp"

#include <cerrno>
#include <csignal>

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QRegularExpression>

#include "core/base/atomic_file.hpp"
#include "core/base/error.hpp"
#include "core/experiment/training_config.hpp"

namespace ember {

QString trainingProgram() {
    const QString named = qEnvironmentVariable("EMBER_CLI");
    return named.isEmpty() ? QDir(QCoreApplication::applicationDirPath()).filePath("emberview-cli") : named;
}

QString shellWord(const QString& word) {
    static const QRegularExpression plain(QStringLiteral("^[A-Za-z0-9_./=,:@%+-]+$"));
    if (plain.match(word).hasMatch()) {
        return word;
    }
    return QLatin1Char('\'') + QString(word).replace(QLatin1Char('\''), QStringLiteral("'\\''")) +
           QLatin1Char('\'');
}

QString trainCommand(const nlohmann::json& values, bool queue) {
    QStringList words{QStringLiteral("emberview-cli train")};
    if (queue) {
        words << QStringLiteral("--queue");
    }
    for (const std::string& override : overrides_of(values)) {
        words << shellWord(QString::fromStdString(override));
    }
    return words.join(QLatin1Char(' '));
}

RunToStart writeConfiguration(const nlohmann::json& values, bool queue) {
    const QString run = QDir::cleanPath(
        QDir::current().absoluteFilePath(QString::fromStdString(run_directory_of(values).string())));
    const QFileInfo place(run);
    if (!QDir().mkpath(place.path())) {
        throw Error("CannotWrite", "The folder for runs cannot be made", {place.path().toStdString(), {}, {}},
                    "Choose another folder.");
    }
    const QString file =
        place.path() + QStringLiteral("/.") + place.fileName() + QStringLiteral(".start.yaml");
    write_file_atomically(file.toStdString(), config_yaml(values));
    RunToStart start;
    start.arguments = QStringList{"train", "--config", file};
    if (queue) {
        start.arguments << "--queue";
    }
    start.run = run;
    start.log = place.path() + QLatin1Char('/') + place.fileName() + QStringLiteral(".log.txt");
    return start;
}

RunToStart resumption(const QString& run, double rate, bool queue) {
    RunToStart start;
    start.arguments = QStringList{"train", "resume", run};
    if (rate > 0) {
        start.arguments << QStringLiteral("training.lr=%1").arg(rate, 0, 'g', 12);
    }
    if (queue) {
        start.arguments << "--queue";
    }
    start.run = run;
    start.log = run + QStringLiteral(".log.txt");
    return start;
}

qint64 startRun(const RunToStart& run) {
    QProcess process;
    process.setProgram(trainingProgram());
    process.setArguments(run.arguments);
    process.setStandardInputFile(QProcess::nullDevice());
    process.setStandardOutputFile(run.log, QIODevice::Append);
    process.setStandardErrorFile(run.log, QIODevice::Append);
    qint64 pid = 0;
    if (!process.startDetached(&pid)) {
        throw Error("CannotStart", "Training cannot be started", {trainingProgram().toStdString(), {}, {}},
                    "Check that emberview-cli lies beside emberview and may be run.");
    }
    return pid;
}

bool isAlive(qint64 pid) {
    return pid > 0 && (::kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM);
}

QString lastLines(const QString& file, int lines) {
    QFile log(file);
    if (!log.open(QIODevice::ReadOnly)) {
        return {};
    }
    constexpr qint64 most = 16384;
    log.seek(std::max<qint64>(0, log.size() - most));
    const QStringList all = QString::fromUtf8(log.readAll()).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    return all.mid(std::max<qsizetype>(0, all.size() - lines)).join(QLatin1Char('\n'));
}

} // namespace ember

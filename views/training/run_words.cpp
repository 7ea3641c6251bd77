#include "views/training/run_words.hpp"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QLocale>

#include "widgets/formatting.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::TrainingView", text);
}

QString textOf(const std::string& text) {
    return QString::fromStdString(text);
}

QString momentOf(const std::string& iso) {
    const QDateTime moment = QDateTime::fromString(textOf(iso), Qt::ISODate).toLocalTime();
    return moment.isValid() ? QLocale::c().toString(moment, QStringLiteral("d MMM yyyy, HH:mm"))
                            : textOf(iso);
}

double secondsBetween(const std::string& from, const std::string& to) {
    const QDateTime start = QDateTime::fromString(textOf(from), Qt::ISODate);
    const QDateTime end = QDateTime::fromString(textOf(to), Qt::ISODate);
    return start.isValid() && end.isValid() ? static_cast<double>(start.msecsTo(end)) / 1000 : -1;
}

/// A value of config.yaml as text; empty when it is not there.
QString configText(const RunSnapshot& run, const char* path) {
    try {
        const nlohmann::json& value = run.config.at(nlohmann::json::json_pointer(path));
        return value.is_null()     ? QString()
               : value.is_string() ? textOf(value.get<std::string>())
                                   : textOf(value.dump());
    } catch (const nlohmann::json::exception&) {
        return {};
    }
}

} // namespace

RunStateWords stateWords(const RunSnapshot& run, RunCommand asked) {
    if (run.active()) {
        switch (asked) {
        case RunCommand::stop:
            return {tr("Stopping…"), "process-stop", IconColor::warning};
        case RunCommand::pause:
            return {tr("Pausing…"), "clock", IconColor::warning};
        case RunCommand::proceed:
            return {tr("Continuing…"), "state-running", IconColor::accent};
        case RunCommand::none:
            break;
        }
    }
    if (!run.status) {
        return {tr("Trained elsewhere"), "model", IconColor::muted};
    }
    switch (run.status->state) {
    case RunState::queued:
        return {tr("Queued"), "state-queued", IconColor::muted};
    case RunState::preparing:
        return {tr("Preparing"), "state-running", IconColor::accent};
    case RunState::running:
        return {tr("Running"), "state-running", IconColor::accent};
    case RunState::paused:
        return {tr("Paused"), "clock", IconColor::warning};
    case RunState::stopping:
        return {tr("Stopping…"), "process-stop", IconColor::warning};
    case RunState::finished:
        return {tr("Finished"), "state-success", IconColor::success};
    case RunState::stopped:
        return {tr("Stopped"), "media-playback-stop", IconColor::muted};
    case RunState::failed:
        break;
    }
    return run.interrupted() ? RunStateWords{tr("Interrupted"), "state-warning", IconColor::warning}
                             : RunStateWords{tr("Failed"), "state-error", IconColor::error};
}

QString progressWords(const RunSnapshot& run) {
    const std::int64_t step = run.step(), most = run.max_steps();
    QString text;
    if (run.state() == RunState::queued) {
        return tr("Waits for the runs before it");
    }
    if (step <= 0 && run.status && run.active()) {
        return run.status->message.empty() ? tr("Starting") : textOf(run.status->message);
    }
    text = most > 0 ? tr("Step %1 of %2").arg(formatCount(step), formatCount(most))
                    : tr("Step %1").arg(formatCount(step));
    if (run.status && run.state() == RunState::running && run.status->seconds_left >= 0) {
        text += QStringLiteral(", ") + formatTimeLeft(run.status->seconds_left);
    }
    return text;
}

QString bestWords(const RunSnapshot& run) {
    const auto best = run.best_loss();
    return best ? tr("best loss %1").arg(formatNumber(*best)) : QString();
}

double progressShare(const RunSnapshot& run) {
    const auto most = static_cast<double>(run.max_steps());
    return most > 0 ? std::clamp(static_cast<double>(run.step()) / most, 0.0, 1.0) : -1;
}

std::vector<RunFact> runFacts(const RunSnapshot& run) {
    std::vector<RunFact> facts;
    const auto add = [&](const QString& name, const QString& value) {
        if (!value.isEmpty()) {
            facts.push_back({name, value});
        }
    };
    add(tr("Progress"), progressWords(run));
    if (run.status) {
        const RunStatus& status = *run.status;
        add(tr("Now"), textOf(status.message));
        if (status.epoch > 0) {
            add(tr("Passes over the data"), formatCount(status.epoch));
        }
        if (status.train_loss) {
            add(tr("Training loss"), formatNumber(*status.train_loss));
        }
        if (status.val_loss) {
            add(tr("Validation loss"), formatNumber(*status.val_loss));
        }
    }
    if (const auto best = run.best_loss()) {
        const std::int64_t step = run.status && run.status->best_val_loss
                                      ? run.status->best_step
                                      : static_cast<std::int64_t>(run.best_step().value_or(0));
        add(tr("Best validation loss"), tr("%1 at step %2").arg(formatNumber(*best), formatCount(step)));
    }
    if (run.status) {
        const RunStatus& status = *run.status;
        if (status.cells_per_second > 0) {
            add(tr("Speed"),
                tr("%1 cells/s, %2 steps/s")
                    .arg(formatNumber(status.cells_per_second, 3), formatNumber(status.steps_per_second, 3)));
        }
        if (status.step > 0) {
            add(tr("Waiting for data"), tr("%1 of the time").arg(formatPercent(status.waiting_share)));
        }
        if (status.memory_bytes > 0) {
            add(tr("Memory"), tr("%1 at most").arg(formatBytes(status.memory_bytes)));
        }
        if (status.rollbacks > 0) {
            add(tr("Rolled back"), formatCount(status.rollbacks, tr("time"), tr("times")));
        }
        if (status.checkpoint_step >= 0) {
            add(tr("Last checkpoint"), tr("step %1").arg(formatCount(status.checkpoint_step)));
        }
        add(tr("Started"), momentOf(status.started));
        const double seconds = secondsBetween(status.started, status.updated);
        if (seconds > 0) {
            add(run.active() ? tr("Runs since") : tr("Took"), formatDuration(seconds));
        }
        add(tr("Where"), tr("%1, process %2").arg(textOf(status.host)).arg(status.pid));
    }
    add(tr("Data"), configText(run, "/data/kwargs/toml_config_path"));
    add(tr("Perturbation column"), configText(run, "/data/kwargs/pert_col"));
    add(tr("Control"), configText(run, "/data/kwargs/control_pert"));
    add(tr("Started from"), configText(run, "/model/kwargs/init_from"));
    add(tr("Learning rate"), configText(run, "/training/lr"));
    add(tr("Seed"), configText(run, "/training/train_seed"));
    add(tr("Folder"), QDir::toNativeSeparators(textOf(run.path.string())));
    return facts;
}

} // namespace ember

#include "views/training/launch_words.hpp"

#include <set>

#include <QCoreApplication>
#include <QStringList>

#include "widgets/formatting.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::LaunchForm", text);
}

QString cells(std::uint64_t count) {
    return formatCount(static_cast<std::int64_t>(count), tr("cell"), tr("cells"));
}

QString namesOf(const std::set<std::string>& names) {
    QStringList texts;
    for (const std::string& name : names) {
        if (texts.size() == 3 && names.size() > 3) {
            texts << tr("%1 more").arg(names.size() - 3);
            break;
        }
        texts << QString::fromStdString(name);
    }
    return texts.join(QStringLiteral(", "));
}

QString weights(std::int64_t count) {
    const auto value = static_cast<double>(count);
    return value >= 1e6   ? tr("%1 M").arg(formatNumber(value / 1e6, 3))
           : value >= 1e3 ? tr("%1 k").arg(formatNumber(value / 1e3, 3))
                          : formatCount(count);
}

} // namespace

QString holdOutWords(const HoldOut& made) {
    std::set<std::string> perturbations, types;
    for (const HeldOutGroup& group : made.groups) {
        perturbations.insert(group.perturbation);
        types.insert(group.cell_type);
    }
    return tr("%1 held out in %2: %3 for validation, %4 for the test, %5 to train on.")
        .arg(namesOf(perturbations), namesOf(types), cells(made.val_cells), cells(made.test_cells),
             cells(made.train_cells));
}

QString estimateWords(const RunEstimate& estimate) {
    QStringList parts;
    if (estimate.parameters > 0) {
        parts << (estimate.trainable < estimate.parameters
                      ? tr("%1 of %2 weights learn")
                            .arg(weights(estimate.trainable), weights(estimate.parameters))
                      : tr("%1 weights learn").arg(weights(estimate.parameters)));
    }
    if (estimate.total_seconds > 0) {
        parts << tr("about %1 for %2 steps")
                     .arg(formatDuration(estimate.total_seconds), formatCount(estimate.steps));
    }
    if (estimate.memory_bytes > 0) {
        parts << (estimate.available_bytes
                      ? tr("%1 memory of %2 free")
                            .arg(formatBytes(estimate.memory_bytes), formatBytes(*estimate.available_bytes))
                      : tr("%1 memory").arg(formatBytes(estimate.memory_bytes)));
    }
    if (estimate.disk_bytes > 0) {
        parts << (estimate.free_disk_bytes
                      ? tr("%1 on disk of %2 free")
                            .arg(formatBytes(estimate.disk_bytes), formatBytes(*estimate.free_disk_bytes))
                      : tr("%1 on disk").arg(formatBytes(estimate.disk_bytes)));
    }
    return parts.join(QStringLiteral(", "));
}

QString splitWords(const Preparation& preparation) {
    QString text =
        tr("%1 in %2 to train on")
            .arg(cells(preparation.train.cells),
                 formatCount(static_cast<std::int64_t>(preparation.train.groups), tr("group"), tr("groups")));
    if (preparation.val.cells > 0) {
        text += tr(", %1 for validation").arg(cells(preparation.val.cells));
    }
    if (preparation.test.cells > 0) {
        text += tr(", %1 for the test").arg(cells(preparation.test.cells));
    }
    return text + QLatin1Char('.');
}

} // namespace ember

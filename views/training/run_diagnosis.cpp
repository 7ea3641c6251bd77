// What is wrong with a run, the likely cause and the fix.

#include <algorithm>
#include <cmath>

#include <QCoreApplication>

#include "views/training/run_words.hpp"
#include "views/workspace.hpp"
#include "widgets/formatting.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::TrainingView", text);
}

QString textOf(const std::string& text) {
    return QString::fromStdString(text);
}

bool hasAny(const std::string& text, std::initializer_list<const char*> words) {
    return std::any_of(words.begin(), words.end(),
                       [&](const char* word) { return text.find(word) != std::string::npos; });
}

/// What the errors of a run most often come from. What the run itself says of the remedy goes first.
QString likelyCause(const std::string& error) {
    if (hasAny(error, {"NotFinite", "NaN", "Diverged", "Spike", "Unstable"})) {
        return tr("Often the learning rate is too high for these data, or some values are far larger than "
                  "log-normalised ones.");
    }
    if (hasAny(error, {"NoSpace"})) {
        return tr("The disk is full. The last good checkpoint is intact.");
    }
    if (hasAny(error, {"NoMemory"})) {
        return tr("The sets, the model or other programs need more memory than there is.");
    }
    return {};
}

RunDiagnosis failureOf(const RunSnapshot& run) {
    const RunStatus& status = *run.status;
    RunDiagnosis found;
    const bool checkpoint = status.checkpoint_step >= 0;
    found.details = textOf(status.error_place);
    if (run.interrupted()) {
        found.kind = BarKind::warning;
        found.symptom = tr("The run ended without a word at step %1").arg(formatCount(status.step));
        found.cause = tr("Its process was ended, or the machine was switched off.");
        found.remedy = checkpoint ? tr("Resume: it goes on from step %1, to the same result.")
                                        .arg(formatCount(status.checkpoint_step))
                                  : tr("It had no checkpoint yet: start it again.");
        found.resume = checkpoint;
        return found;
    }
    found.kind = BarKind::error;
    found.symptom = status.message.empty() ? textOf(status.error_class) : textOf(status.message);
    found.cause = likelyCause(status.error_class);
    found.remedy = textOf(status.error_remedy);
    found.resume = checkpoint;
    found.lower_rate =
        checkpoint && hasAny(status.error_class, {"NotFinite", "NaN", "Diverged", "Spike", "Unstable"});
    return found;
}

/// The validation loss has risen for several validations while the training loss fell.
std::optional<RunDiagnosis> overfitting(const RunSnapshot& run) {
    const RunCurve *val = run.curve("val_loss"), *train = run.curve("train_loss");
    constexpr std::size_t window = 4;
    if (val == nullptr || train == nullptr || val->value->size() < window + 1 || train->value->size() < 8) {
        return std::nullopt;
    }
    const std::vector<double>& losses = *val->value;
    const double best = *std::min_element(losses.begin(), losses.end());
    const auto recent = losses.end() - window;
    const bool rises = std::is_sorted(recent, losses.end()) && *recent > best && losses.back() > 1.02 * best;
    const auto middle = train->value->size() / 2;
    const bool falls = train->value->back() < (*train->value)[middle];
    if (!rises || !falls) {
        return std::nullopt;
    }
    RunDiagnosis found;
    found.symptom = tr("The validation loss rises while the training loss falls");
    found.cause = tr("The model begins to learn single cells by heart (overfitting).");
    found.remedy = tr("Use the best checkpoint; set early stop, or more dropout, or LoRA.");
    return found;
}

} // namespace

std::vector<RunDiagnosis> diagnose(const RunSnapshot& run) {
    std::vector<RunDiagnosis> all;
    if (!run.problem.empty()) {
        all.push_back(
            {BarKind::warning, tr("A file of this run cannot be read"), {}, {}, textOf(run.problem)});
    }
    if (!run.status) {
        return all;
    }
    const RunStatus& status = *run.status;
    if (status.state == RunState::failed) {
        all.insert(all.begin(), failureOf(run));
    }
    if (status.rollbacks > 0 && status.state != RunState::failed) { // else the failure has said it
        RunDiagnosis found;
        found.kind = BarKind::warning;
        found.symptom = tr("Went back to the last good checkpoint %1")
                            .arg(formatCount(status.rollbacks, tr("time"), tr("times")));
        found.cause = tr("The loss became infinite or jumped.");
        found.remedy = tr("If it happens again, stop and resume with a lower learning rate.");
        found.resume = found.lower_rate = !run.active() && status.checkpoint_step >= 0;
        all.push_back(found);
    }
    if (status.waiting_share > 0.05 && status.step > 50) {
        RunDiagnosis found;
        found.symptom =
            tr("%1 of the time is spent waiting for data").arg(formatPercent(status.waiting_share));
        found.cause = tr("The file is read more slowly than the model learns.");
        found.remedy = tr("Raise the memory for cells or read more batches ahead.");
        all.push_back(found);
    }
    if (const auto found = overfitting(run)) {
        all.push_back(*found);
    }
    for (const std::string& warning : status.warnings) {
        all.push_back({BarKind::information, textOf(warning), {}, {}, {}});
    }
    return all;
}

Message endMessage(const RunSnapshot& run) {
    const QString name = QString::fromStdString(run.name);
    const QString best = bestWords(run);
    const QString result = progressWords(run) + (best.isEmpty() ? QString() : QStringLiteral(", ") + best);
    switch (run.state()) {
    case RunState::failed: {
        const RunDiagnosis why = diagnose(run).front();
        return {MessageKind::error,
                run.interrupted() ? tr("Training was interrupted") : tr("Training failed"),
                tr("%1: %2").arg(name, why.symptom), why.remedy, why.details};
    }
    case RunState::stopped:
        return {MessageKind::information,
                tr("Training stopped"),
                tr("%1: %2.").arg(name, result),
                tr("It can be resumed."),
                {}};
    default:
        return {MessageKind::information, tr("Training finished"), tr("%1: %2.").arg(name, result), {}, {}};
    }
}

} // namespace ember

#include "views/embedding/prediction_banner.hpp"

#include <algorithm>

#include <QCoreApplication>

#include "widgets/formatting.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::PredictionBanner", text);
}

QString textOf(const std::string& text) {
    return QString::fromStdString(text);
}

BarMessage unknownBanner(const InferResult& result) {
    constexpr std::size_t named = 6;
    QStringList names, lines;
    std::uint64_t cells = 0;
    for (const UnknownPerturbation& unknown : result.unknown) {
        if (static_cast<std::size_t>(names.size()) < named) {
            names << textOf(unknown.label);
        }
        lines << tr("%1: %2").arg(textOf(unknown.label), formatCount(static_cast<std::int64_t>(unknown.cells),
                                                                     tr("cell"), tr("cells")));
        cells += unknown.cells;
    }
    QString list = names.join(", ");
    if (result.unknown.size() > named) {
        list = tr("%1 and %2 more").arg(list).arg(result.unknown.size() - named);
    }
    const bool all = cells >= result.cells;
    BarMessage banner;
    banner.kind = BarKind::warning;
    banner.title = tr("The model never saw %1").arg(list);
    banner.text = all ? tr("Every cell was predicted with the control encoding: a negative control, do not "
                           "interpret it.")
                      : tr("These %1 cells were predicted with the control encoding: do not interpret them.")
                            .arg(formatCount(static_cast<std::int64_t>(cells)));
    banner.remedy = tr("Use a model that was trained with these labels.");
    banner.details = lines.join('\n');
    return banner;
}

} // namespace

std::vector<BarMessage> bannersFor(const PredictionDocument& prediction) {
    const InferResult& result = prediction.result;
    std::vector<BarMessage> banners;
    if (!result.unknown.empty()) {
        banners.push_back(unknownBanner(result));
    }
    QStringList others;
    for (const std::string& warning : result.warnings) {
        const bool told = std::any_of(result.unknown.begin(), result.unknown.end(), [&](const auto& unknown) {
            return warning.find("'" + unknown.label + "'") != std::string::npos;
        });
        if (!told) {
            others << textOf(warning);
        }
    }
    if (!others.isEmpty()) {
        const QString more = others.size() > 1 ? tr(" And %1 more.").arg(others.size() - 1) : QString();
        banners.push_back({BarKind::information,
                           tr("Note"),
                           others.first() + more,
                           {},
                           others.size() > 1 ? others.join('\n') : QString()});
    }
    return banners;
}

BarMessage conditionDifferenceBanner(const ConditionDifferenceRequest& request,
                                     const ConditionDifferenceResult& result, bool isPrediction) {
    const std::string subject = isPrediction ? predictions_subject : "Values of " + to_string(request.source);
    const DifferenceText text = describe(request, result, subject);
    const BarKind kind = !isPrediction                                          ? BarKind::information
                         : result.verdict == DifferenceVerdict::differs         ? BarKind::success
                         : result.verdict == DifferenceVerdict::does_not_differ ? BarKind::warning
                                                                                : BarKind::information;
    return {kind, textOf(text.title), textOf(text.sentence), textOf(text.remedy), textOf(text.details)};
}

ConditionDifferenceRequest differenceRequestFor(const PredictionDocument& prediction) {
    Schema schema = prediction.output.schema;
    if (!prediction.result.pert_col.empty()) {
        schema.pert_col.value = prediction.result.pert_col;
    }
    if (!prediction.result.celltype_col.empty()) {
        schema.celltype_col.value = prediction.result.celltype_col;
    }
    return difference_request(*prediction.output.data, prediction.source, schema);
}

} // namespace ember

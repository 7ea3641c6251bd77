#include "views/training/curve_panels.hpp"

#include <algorithm>
#include <set>

#include <QCoreApplication>

#include "widgets/category_palette.hpp"
#include "widgets/formatting.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::TrainingView", text);
}

struct ColumnWords {
    std::string column;
    QString name;
    bool validation = false;
};

struct PanelPlan {
    QString key, title, yLabel;
    std::vector<ColumnWords> columns; ///< alternatives and companions; absent ones are passed over
    bool always = false;              ///< shown without values, too
    bool positive = false;            ///< may be logarithmic
    bool smooth = false;
    bool fromZero = false;
};

std::vector<PanelPlan> plannedPanels() {
    return {
        {"loss",
         tr("Loss"),
         {},
         {{"train_loss", tr("training"), false}, {"val_loss", tr("validation"), true}},
         true,
         true,
         true,
         false},
        {"gradient_norm",
         tr("Gradient norm, before clipping"),
         {},
         {{"train/gradient_norm", tr("norm"), false}},
         true,
         true,
         true,
         false},
        {"learning_rate",
         tr("Learning rate"),
         {},
         {{"train/learning_rate", tr("rate"), false},
          {"train/lr", tr("rate"), false},
          {"learning_rate", tr("rate"), false},
          {"lr", tr("rate"), false}},
         true,
         false,
         false,
         true},
        {"throughput",
         tr("Throughput"),
         tr("cells/s"),
         {{"train/cells_per_second", tr("cells/s"), false}, {"cells_per_second", tr("cells/s"), false}},
         true,
         false,
         true,
         true},
        {"waiting",
         tr("Waiting for data"),
         tr("share of time"),
         {{"train/waiting_share", tr("waiting"), false}, {"waiting_share", tr("waiting"), false}},
         true,
         false,
         false,
         true},
        {"decoder",
         tr("Decoder loss (genes)"),
         {},
         {{"decoder_loss", tr("training"), false},
          {"train/decoder_loss", tr("training"), false},
          {"val/decoder_loss", tr("validation"), true}},
         false,
         true,
         true,
         false},
        {"velocity",
         tr("Velocity terms"),
         {},
         {{"train/velocity_loss", tr("alignment"), false},
          {"velocity_loss", tr("alignment"), false},
          {"train/velocity_magnitude_loss", tr("magnitude"), false},
          {"val/velocity_loss", tr("validation"), true}},
         false,
         false,
         true,
         false},
        {"cosine",
         tr("Cosine similarity with the velocity"),
         {},
         {{"train/velocity_cosine_similarity", tr("cosine"), false},
          {"val/velocity_cosine_similarity", tr("validation"), true}},
         false,
         false,
         true,
         false},
        {"lambda",
         tr("Weight of the velocity, λ(t)"),
         {},
         {{"train/velocity_lambda_t", tr("λ"), false}, {"train/lambda", tr("λ"), false}},
         false,
         false,
         false,
         true},
        {"confidence",
         tr("Confidence"),
         {},
         {{"train/confidence_loss", tr("training"), false},
          {"train/velocity_confidence", tr("mean confidence"), false},
          {"val/confidence_loss", tr("validation"), true}},
         false,
         false,
         true,
         false},
    };
}

/// A column that has no words here gets a panel of its own, its training and validation forms together.
void addUnplanned(std::vector<PanelPlan>& plans, const std::vector<ShownRun>& runs) {
    std::set<std::string> known;
    for (const PanelPlan& plan : plans) {
        for (const ColumnWords& words : plan.columns) {
            known.insert(words.column);
        }
    }
    std::map<std::string, PanelPlan> others;
    for (const ShownRun& shown : runs) {
        for (const auto& [column, curve] : shown.run->curves) {
            if (known.contains(column) || column.starts_with("cumulative_flops") ||
                column == "train/rollbacks" || curve.step->empty()) {
                continue; // FLOPs count work, they do not tell how it goes; rollbacks are marks
            }
            known.insert(column);
            const bool validation = column.starts_with("val");
            std::string base = column;
            for (const char* prefix : {"train/", "val/", "train_", "val_"}) {
                if (base.starts_with(prefix)) {
                    base.erase(0, std::string(prefix).size());
                    break;
                }
            }
            PanelPlan& plan = others[base];
            plan.key = QString::fromStdString("other-" + base);
            plan.title = QString::fromStdString(base).replace('_', ' ');
            plan.title[0] = plan.title[0].toUpper();
            plan.smooth = true;
            plan.columns.push_back({column, validation ? tr("validation") : tr("training"), validation});
        }
    }
    for (auto& [base, plan] : others) {
        plans.push_back(std::move(plan));
    }
}

QString seriesName(const ShownRun& shown, const ColumnWords& words, bool several, bool alone) {
    if (!several) {
        return words.name;
    }
    return alone || words.name == tr("training") ? shown.name
                                                 : shown.name + QStringLiteral(", ") + words.name;
}

void addMarks(TimeCurveData& data, const ShownRun& shown, bool several) {
    const QColor color = several ? shown.color : QColor();
    const QString of = several ? shown.name + QStringLiteral(": ") : QString();
    const auto loss = shown.run->best_loss();
    const auto step = shown.run->best_step();
    if (loss && step) {
        data.marks.push_back({TimeMarkKind::best, *step, *loss,
                              of + tr("Best validation loss %1").arg(formatNumber(*loss)),
                              several ? shown.color : categoryColor(1)});
    }
    for (const CheckpointFile& file : shown.run->checkpoints) {
        if (file.step >= 0) {
            data.marks.push_back({TimeMarkKind::checkpoint,
                                  static_cast<double>(file.step),
                                  {},
                                  of + tr("Checkpoint: %1").arg(QString::fromStdString(file.why)),
                                  color});
        }
    }
    for (const double at : shown.run->rollbacks) {
        data.marks.push_back(
            {TimeMarkKind::rollback, at, {}, of + tr("Back to the last good checkpoint"), color});
    }
}

CurvePanel panelOf(const PanelPlan& plan, const std::vector<ShownRun>& runs, const CurveChoice& choice) {
    CurvePanel panel{plan.key, {}};
    TimeCurveData& data = panel.data;
    data.title = plan.title;
    data.xLabel = tr("Step");
    data.yLabel = plan.yLabel;
    data.logarithmic = plan.positive && choice.logarithmic;
    data.fromZero = plan.fromZero;
    const bool several = runs.size() > 1;
    const bool alone = std::all_of(plan.columns.begin(), plan.columns.end(), [&](const ColumnWords& words) {
        return words.name == plan.columns.front().name;
    });
    bool smooth = false, anyDashed = false;
    for (const ShownRun& shown : runs) {
        std::set<QString> named; // alternatives of one name: the first that is there
        int colour = 0;
        for (const ColumnWords& words : plan.columns) {
            const RunCurve* curve = shown.run->curve(words.column);
            if (curve == nullptr || !named.insert(words.name).second) {
                continue;
            }
            TimeSeries series;
            series.name = seriesName(shown, words, several, alone);
            series.x = curve->step;
            series.y = curve->value;
            series.color = several ? shown.color
                                   : categoryColor(words.validation ? 1
                                                   : colour == 1    ? 2
                                                                    : colour);
            series.dashed = several && words.validation;
            series.dots = words.validation;
            series.legend = !series.dashed || colour == 0; // that of its run's training is beside it
            anyDashed = anyDashed || !series.legend;
            series.smooth = plan.smooth && !words.validation;
            smooth = smooth || series.smooth;
            colour += words.validation ? 0 : 1;
            data.series.push_back(std::move(series));
        }
        if (plan.key == "loss") {
            addMarks(data, shown, several);
        } else if (!shown.run->rollbacks.empty()) {
            for (const double at : shown.run->rollbacks) {
                data.marks.push_back(
                    {TimeMarkKind::rollback, at, {}, tr("Back to the last good checkpoint"), {}});
            }
        }
    }
    data.smoothing = smooth ? choice.smoothing : 0;
    if (anyDashed) {
        data.title += tr(", dashed: validation");
    }
    return panel;
}

} // namespace

std::vector<CurvePanel> curvePanels(const std::vector<ShownRun>& runs, const CurveChoice& choice) {
    std::vector<PanelPlan> plans = plannedPanels();
    addUnplanned(plans, runs);
    std::vector<CurvePanel> panels;
    for (const PanelPlan& plan : plans) {
        CurvePanel panel = panelOf(plan, runs, choice);
        if (!panel.data.series.empty() || plan.key == "loss") {
            panels.push_back(std::move(panel));
        }
    }
    return panels;
}

} // namespace ember

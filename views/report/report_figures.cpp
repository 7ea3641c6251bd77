#include "views/report/report_figures.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <QCoreApplication>
#include <QGuiApplication>
#include <QPainter>

#include "core/evaluation/verdict_rules.hpp"
#include "core/evaluation/verdict_words.hpp"
#include "widgets/category_palette.hpp"
#include "widgets/curve_data.hpp"
#include "widgets/formatting.hpp"
#include "widgets/heat_map_data.hpp"
#include "widgets/point_cloud_figure.hpp"
#include "widgets/scatter_data.hpp"
#include "widgets/series_key.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::Report", text);
}

QString text(const std::string& words) {
    return QString::fromStdString(words);
}

QFont figureFont(int px = 11) {
    QFont font = QGuiApplication::font();
    font.setPixelSize(px);
    return font;
}

QString typeName(const TypeChange& type) {
    return (type.type.empty() ? tr("All cells") : text(type.type)) + (type.judged ? "" : "*");
}

/// The rectangle around all clouds.
QRectF viewOf(const ReportCells& cells) {
    double left = INFINITY, right = -INFINITY, low = INFINITY, high = -INFINITY;
    for (const ReportCloud& cloud : cells.clouds) {
        for (std::size_t i = 0; i + 1 < cloud.points->size(); i += 2) {
            const double x = (*cloud.points)[i], y = (*cloud.points)[i + 1];
            if (std::isfinite(x) && std::isfinite(y)) {
                left = std::min(left, x);
                right = std::max(right, x);
                low = std::min(low, y);
                high = std::max(high, y);
            }
        }
    }
    return left <= right ? wholeView(QRectF(left, low, right - left, high - low)) : QRectF();
}

void drawCloudRow(QPainter& painter, const QRectF& rect, const ReportCells& cells, bool byType,
                  const QRectF& view, double dpi) {
    const PointColors& colors = byType ? cells.clouds.front().byType : cells.clouds.front().byPerturbation;
    SeriesKey key;
    key.theme = lightThemeColors();
    key.font = figureFont();
    for (int i = 0; i < colors.names.size(); ++i) {
        key.names << colors.names[i];
        key.colors.push_back(colors.colorOf(i));
    }
    const double taken = drawSeriesKey(painter, rect.adjusted(4, 2, -4, 0), key) + 4;
    const double width = rect.width() / static_cast<double>(cells.clouds.size());
    for (std::size_t i = 0; i < cells.clouds.size(); ++i) {
        PointCloudFigure figure;
        figure.xy = cells.clouds[i].points;
        figure.title = cells.clouds[i].name;
        figure.xLabel = "UMAP 1";
        figure.yLabel = "UMAP 2";
        figure.colors = byType ? cells.clouds[i].byType : cells.clouds[i].byPerturbation;
        figure.view = view;
        figure.legend = false;
        figure.note = false;
        figure.font = figureFont(10);
        drawPointCloud(painter,
                       QRectF(rect.left() + width * static_cast<double>(i), rect.top() + taken, width,
                              rect.height() - taken),
                       figure, dpi);
    }
}

/// The genes whose observed change is largest in size.
std::vector<int> largest(const std::vector<double>& change, std::size_t most) {
    std::vector<int> genes(change.size());
    std::iota(genes.begin(), genes.end(), 0);
    const auto size = [&](int gene) { return std::abs(change[static_cast<std::size_t>(gene)]); };
    std::stable_sort(genes.begin(), genes.end(), [&](int a, int b) { return size(a) > size(b); });
    genes.resize(std::min(genes.size(), most));
    return genes;
}

ScatterData scatterOf(const CompareResult& result, const TypeChange& type, std::size_t model) {
    ScatterData data;
    data.title = typeName(type);
    data.xLabel = tr("observed change");
    data.yLabel = tr("predicted change");
    data.x = type.observed;
    data.y = type.predicted[model];
    for (const std::string& gene : result.genes) {
        data.names << text(gene);
    }
    data.labelled = largest(type.observed, 4);
    data.diagonal = true;
    data.note = tr("r = %1").arg(text(in_words(type.models[model].pearson)));
    return data;
}

} // namespace

std::vector<std::size_t> mainTypes(const PerturbationChange& change, std::size_t most) {
    std::vector<std::size_t> types;
    for (std::size_t type = 0; type < change.types.size(); ++type) {
        if (change.types[type].judged || change.judged == 0) {
            types.push_back(type);
        }
    }
    const VerdictRules rules;
    const auto isBlind = [&](std::size_t type) {
        for (std::size_t model = 0; model < change.overall.size(); ++model) {
            const Assessment found = assess(change, model, rules);
            if (std::find(found.blind.begin(), found.blind.end(), type) != found.blind.end()) {
                return true;
            }
        }
        return false;
    };
    std::stable_sort(types.begin(), types.end(), [&](std::size_t a, std::size_t b) {
        const bool blindA = isBlind(a), blindB = isBlind(b);
        return blindA != blindB ? blindA : change.types[a].cells > change.types[b].cells;
    });
    types.resize(std::min(types.size(), most));
    std::sort(types.begin(), types.end(),
              [&](std::size_t a, std::size_t b) { return change.types[a].cells > change.types[b].cells; });
    return types;
}

ReportFigure changeFigure(const CompareResult& result, const PerturbationChange& change) {
    CurveFigure figure;
    CurveData& data = figure.data;
    std::vector<std::size_t> order(change.types.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return change.types[a].cells > change.types[b].cells;
    });
    data.yLabel = tr("Pearson of the change");
    data.intervalLabel = tr("95 % interval");
    for (std::size_t model = 0; model < result.models.size(); ++model) {
        CurveSeries series;
        series.name = text(result.models[model].name);
        series.color = categoryColor(static_cast<int>(model));
        data.series.push_back(series);
    }
    CurveSeries baseline;
    baseline.name = tr("Other cell types' change");
    baseline.color = lightThemeColors().muted;
    const bool has = change.types.size() > 1;
    data.joined = false;
    const auto put = [](CurveSeries& series, double x, const Estimate& r) {
        series.x.push_back(x);
        series.y.push_back(r.value);
        series.low.push_back(r.low);
        series.high.push_back(r.high);
    };
    for (const std::size_t at : order) {
        const TypeChange& type = change.types[at];
        const auto x = static_cast<double>(data.categories.size());
        data.categories << typeName(type);
        for (std::size_t model = 0; model < result.models.size(); ++model) {
            put(data.series[model], x, type.models[model].pearson);
        }
        put(baseline, x, {type.others.value, NAN, NAN});
    }
    if (has) {
        data.series.push_back(baseline);
    }
    figure.font = figureFont();
    ReportFigure made;
    made.size = QSizeF(reportWidth, 260);
    QStringList spoken;
    for (std::size_t model = 0; model < result.models.size(); ++model) {
        spoken << tr("%1 %2 on average")
                      .arg(text(result.models[model].name),
                           text(in_words(change.overall[model].pearson.value)));
    }
    made.alternative = tr("Pearson of the change of %1 in %2 cell types: %3")
                           .arg(text(change.perturbation))
                           .arg(change.types.size())
                           .arg(spoken.join(", "));
    made.caption =
        tr("How well the predicted change of %1 agrees with the observed one, cell type by cell type (1: "
           "perfect, 0: unrelated). Cell types from many to few cells; * too weak to judge. Intervals: 95 %, "
           "by resampling %2.")
            .arg(text(change.perturbation), text(result.unit));
    made.draw = [figure](QPainter& painter, const QRectF& rect, double) {
        drawCurves(painter, rect, figure);
    };
    return made;
}

ReportFigure cellsFigure(const ReportCells& cells) {
    const bool types = cells.clouds.front().byType.codes != nullptr;
    const double side = reportWidth / static_cast<double>(std::max<std::size_t>(2, cells.clouds.size()));
    const double row = std::min(side + 26, 270.0);
    ReportFigure made;
    made.size = QSizeF(reportWidth, row * (types ? 2 : 1));
    made.caption =
        cells.note + ' ' +
        tr("The same axes in all panels. Where a model is good, its cells lie among the real ones of the "
           "same colour.");
    QStringList names;
    for (const ReportCloud& cloud : cells.clouds) {
        names << cloud.name;
    }
    made.alternative = tr("UMAP of %1, coloured by perturbation and by cell type").arg(names.join(", "));
    made.draw = [cells, types](QPainter& painter, const QRectF& rect, double dpi) {
        painter.fillRect(rect, Qt::white);
        const QRectF view = viewOf(cells);
        const double height = types ? rect.height() / 2 : rect.height();
        drawCloudRow(painter, QRectF(rect.topLeft(), QSizeF(rect.width(), height)), cells, false, view, dpi);
        if (types) {
            drawCloudRow(painter, QRectF(rect.left(), rect.top() + height, rect.width(), height), cells, true,
                         view, dpi);
        }
    };
    return made;
}

std::optional<ReportFigure> genesFigure(const CompareResult& result, const PerturbationChange& change) {
    const std::vector<std::size_t> types = mainTypes(change, 4);
    struct Row {
        QString name;
        std::vector<ScatterFigure> panels;
    };
    std::vector<Row> rows;
    for (std::size_t model = 0; model < result.models.size(); ++model) {
        Row row{text(result.models[model].name), {}};
        for (const std::size_t type : types) {
            if (!change.types[type].observed.empty() && !change.types[type].predicted[model].empty()) {
                ScatterFigure figure;
                figure.data = scatterOf(result, change.types[type], model);
                figure.font = figureFont(10);
                figure.pointSize = 2.6;
                row.panels.push_back(std::move(figure));
            }
        }
        if (!row.panels.empty()) {
            rows.push_back(std::move(row));
        }
    }
    if (rows.empty()) {
        return std::nullopt;
    }
    constexpr double head = 20, height = 178;
    ReportFigure made;
    made.size = QSizeF(reportWidth, (head + height) * static_cast<double>(rows.size()));
    made.caption =
        tr("Each point is a gene: its observed change (%1 less control, mean log-normalised expression) and "
           "its predicted change. A perfect model lies on the line.")
            .arg(text(change.perturbation));
    made.alternative = tr("Predicted against observed change of %1 genes for %2 models")
                           .arg(result.genes.size())
                           .arg(rows.size());
    made.draw = [rows, columns = types.size()](QPainter& painter, const QRectF& rect, double dpi) {
        painter.fillRect(rect, Qt::white);
        const double width = rect.width() / static_cast<double>(std::max<std::size_t>(columns, 2));
        for (std::size_t r = 0; r < rows.size(); ++r) {
            const double y = rect.top() + static_cast<double>(r) * (head + height);
            painter.setFont(headingFont(figureFont(11), 1.1));
            painter.setPen(lightThemeColors().text);
            painter.drawText(QRectF(rect.left() + 8, y, rect.width() - 16, head), Qt::AlignVCenter,
                             rows[r].name);
            for (std::size_t c = 0; c < rows[r].panels.size(); ++c) {
                drawScatter(painter,
                            QRectF(rect.left() + width * static_cast<double>(c), y + head, width, height),
                            rows[r].panels[c], dpi);
            }
        }
    };
    return made;
}

std::optional<ReportFigure> heatFigure(const CompareResult& result, const PerturbationChange& change) {
    const std::vector<std::size_t> types = mainTypes(change, 6);
    if (types.empty()) {
        return std::nullopt;
    }
    std::vector<double> size(result.genes.size(), 0);
    for (const std::size_t type : types) {
        for (std::size_t gene = 0; gene < change.types[type].observed.size(); ++gene) {
            size[gene] = std::max(size[gene], std::abs(change.types[type].observed[gene]));
        }
    }
    const std::vector<int> genes = largest(size, 20);
    HeatMapFigure figure;
    HeatMapData& data = figure.data;
    data.valueLabel = tr("change");
    data.rowLabel = tr("gene");
    data.map = ColorMap::diverging;
    data.diverging = true;
    std::vector<int> who;
    QStringList names = {tr("observed")};
    for (const ModelResult& model : result.models) {
        names << text(model.name);
    }
    for (const std::size_t type : types) {
        for (std::size_t i = 0; i <= result.models.size(); ++i) {
            data.columns << (i == 0 ? typeName(change.types[type]) : QString());
            who.push_back(static_cast<int>(i));
        }
    }
    data.columnAnnotations = {{tr("from"), who}};
    data.annotationNames = {names};
    for (const int gene : genes) {
        data.rows << text(result.genes[static_cast<std::size_t>(gene)]);
        for (const std::size_t type : types) {
            const auto value = [&](const std::vector<double>& from) {
                return from.empty() ? NAN : from[static_cast<std::size_t>(gene)];
            };
            data.values.push_back(value(change.types[type].observed));
            for (const std::vector<double>& predicted : change.types[type].predicted) {
                data.values.push_back(value(predicted));
            }
        }
    }
    figure.font = figureFont(10);
    ReportFigure made;
    made.size = QSizeF(reportWidth, 130 + 14.5 * static_cast<double>(data.rows.size()));
    made.caption =
        tr("The %1 genes with the largest observed change of %2 in any of these cell types: observed "
           "beside predicted. Red: more under %2; blue: less.")
            .arg(data.rows.size())
            .arg(text(change.perturbation));
    made.alternative = tr("Heat map of the change of %1 genes, observed and predicted").arg(data.rows.size());
    made.draw = [figure](QPainter& painter, const QRectF& rect, double dpi) {
        drawHeatMap(painter, rect, figure, dpi);
    };
    return made;
}

} // namespace ember

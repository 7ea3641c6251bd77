#include "views/prediction/six_panel_figure.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>

#include <QCoreApplication>
#include <QDir>
#include <QFontMetricsF>
#include <QGuiApplication>
#include <QPainter>

#include "core/base/error.hpp"
#include "widgets/bar_data.hpp"
#include "widgets/formatting.hpp"
#include "widgets/histogram_figure.hpp"
#include "widgets/point_cloud_drawing.hpp"
#include "widgets/series_key.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::SixPanelFigure", text);
}

struct Look {
    ThemeColors colors;
    QFont text, bold, title, small;
    double dpi = 300;
};

/// 7 pt text and 6 pt notes at 180 × 120 mm, larger on larger figures.
Look lookFor(const QSize& units, bool light, double dpi) {
    constexpr double width = 680, height = 453.5, textPx = 9.4, smallPx = 8;
    const double scale = std::clamp(std::min(units.width() / width, units.height() / height), 1.0, 2.2);
    Look look;
    look.dpi = dpi;
    look.colors = light ? lightThemeColors() : darkThemeColors();
    const auto sized = [&](double px) {
        QFont font = QGuiApplication::font();
        font.setPixelSize(static_cast<int>(std::lround(px * scale)));
        return font;
    };
    look.text = sized(textPx);
    look.small = sized(smallPx);
    look.bold = sized(textPx);
    look.bold.setWeight(QFont::DemiBold);
    look.title = sized(textPx * 1.3);
    look.title.setWeight(QFont::DemiBold);
    return look;
}

/// Draws wrapped text at the top of `rest` and takes its height from it.
void putText(QPainter& painter, QRectF& rest, const QString& text, const QFont& font, const QColor& color) {
    if (text.isEmpty()) {
        return;
    }
    painter.setFont(font);
    painter.setPen(color);
    QRectF used;
    painter.drawText(rest, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, text, &used);
    rest.setTop(used.bottom() + QFontMetricsF(font).height() * 0.15);
}

QColor verdictColor(const BarMessage& verdict, const ThemeColors& colors) {
    return verdict.kind == BarKind::success   ? colors.success
           : verdict.kind == BarKind::warning ? colors.warning
                                              : colors.information;
}

/// All points with room around them, so that none is cut at the axes.
QRectF viewOf(const SixPanelData& data) {
    QRectF bounds;
    for (std::size_t i = 0; data.points && i + 1 < data.points->size(); i += 2) {
        const double x = (*data.points)[i], y = (*data.points)[i + 1];
        if (std::isfinite(x) && std::isfinite(y)) {
            const QRectF point(x, y, 1e-9, 1e-9);
            bounds = bounds.isNull() ? point : bounds.united(point);
        }
    }
    const QRectF whole = wholeView(bounds);
    return whole.isNull() ? whole
                          : whole.adjusted(-0.04 * whole.width(), -0.04 * whole.height(),
                                           0.04 * whole.width(), 0.04 * whole.height());
}

PointCloudFigure cloudOf(const SixPanelData& data, const PointColors& by) {
    PointCloudFigure cloud;
    cloud.xy = data.points;
    cloud.xLabel = data.ranked ? data.embeddingName : data.embeddingName + " 1";
    cloud.yLabel = data.ranked ? tr("Share of cells") : data.embeddingName + " 2";
    cloud.equalAspect = !data.ranked;
    cloud.colors = by;
    return cloud;
}

PointCloudFigure cloudOf(const SixPanelData& data, const PointColors& by, const Look& look) {
    PointCloudFigure cloud = cloudOf(data, by);
    cloud.view = viewOf(data);
    cloud.note = false; // the notes at the foot say it
    if (data.points && data.points->size() < 1000) {
        cloud.pointSize = QFontMetricsF(look.small).height() * 0.3;
    }
    cloud.colors.title.clear(); // the panel's heading says it
    cloud.theme = look.colors;
    cloud.font = look.small;
    return cloud;
}

/// The three clouds get the same area, whatever their legends need.
void drawEmbedding(QPainter& painter, QRectF rect, const SixPanelData& data, const PointColors& by,
                   const Look& look) {
    double widest = 0;
    for (const PointColors* colors : {&data.byCondition, &data.byTimepoint, &data.byCelltype}) {
        if (colors->codes) {
            widest = std::max(widest, legendWidth(cloudOf(data, *colors, look), rect.width()));
        }
    }
    const PointCloudFigure cloud = cloudOf(data, by, look);
    rect.setRight(rect.right() - (widest - legendWidth(cloud, rect.width())));
    drawPointCloud(painter, rect, cloud, look.dpi);
}

void drawBarPanel(QPainter& painter, QRectF rect, const BarData& data, const Look& look) {
    BarFigure bars;
    bars.data = data;
    bars.theme = look.colors;
    bars.font = look.small;
    bars.title = false;
    bars.legend = false;
    if (data.series.size() > 1) {
        SeriesKey key{{}, {}, look.colors, look.small};
        for (const BarSeries& series : data.series) {
            key.names << series.name;
            key.colors.push_back(series.color);
        }
        rect.setTop(rect.top() + drawSeriesKey(painter, rect, key));
    }
    drawBars(painter, rect, bars);
}

struct Panel {
    QString heading;
    bool possible = true; ///< else the sentence stands in its place
    QString sentence;
    std::function<void(QPainter&, const QRectF&)> draw;
};

std::array<Panel, 6> panelsOf(const SixPanelData& data, const Look& look) {
    const auto cloud = [&](const PointColors& by, const QString& what) {
        const QString column = by.codes ? by.title : what;
        return Panel{tr("%1 by %2").arg(data.embeddingName, column), static_cast<bool>(by.codes),
                     tr("No column of obs holds the %1.").arg(what),
                     [&data, &by, &look](QPainter& painter, const QRectF& rect) {
                         drawEmbedding(painter, rect, data, by, look);
                     }};
    };
    const bool conditions = static_cast<bool>(data.byCondition.codes);
    const QString condition = conditions ? data.byCondition.title : tr("condition");
    return {cloud(data.byCondition, tr("condition")),
            cloud(data.byTimepoint, tr("time point")),
            cloud(data.byCelltype, tr("cell type")),
            Panel{conditions ? tr("Magnitude by %1").arg(condition) : tr("Magnitude"),
                  true,
                  {},
                  [&data, &look](QPainter& painter, const QRectF& rect) {
                      drawHistogramFigure(painter, rect, {data.magnitudes, look.colors, look.small});
                  }},
            Panel{data.means.groupLabel.isEmpty()
                      ? tr("Mean by %1").arg(condition)
                      : tr("Mean by %1 and %2").arg(condition, data.means.groupLabel),
                  conditions, tr("No column of obs holds the condition."),
                  [&data, &look](QPainter& painter, const QRectF& rect) {
                      drawBarPanel(painter, rect, data.means, look);
                  }},
            Panel{data.sparsity.groupLabel.isEmpty() ? tr("Sparsity")
                                                     : tr("Sparsity by %1").arg(data.sparsity.groupLabel),
                  true,
                  {},
                  [&data, &look](QPainter& painter, const QRectF& rect) {
                      drawBarPanel(painter, rect, data.sparsity, look);
                  }}};
}

void drawPanel(QPainter& painter, QRectF rect, const QString& letter, const Panel& panel, const Look& look) {
    const QFontMetricsF metrics(look.bold);
    painter.setFont(look.bold);
    painter.setPen(look.colors.text);
    painter.drawText(QPointF(rect.left(), rect.top() + metrics.ascent()), letter);
    const double indent = metrics.horizontalAdvance("m") * 1.4;
    painter.setFont(look.text);
    painter.drawText(
        QPointF(rect.left() + indent, rect.top() + metrics.ascent()),
        QFontMetricsF(look.text).elidedText(panel.heading, Qt::ElideRight, rect.width() - indent));
    rect.setTop(rect.top() + metrics.height() * 1.3);
    if (panel.possible) {
        panel.draw(painter, rect);
        return;
    }
    painter.setFont(look.text);
    painter.setPen(look.colors.muted);
    painter.drawText(rect, Qt::AlignCenter | Qt::TextWordWrap, panel.sentence);
}

/// One or two lines at the foot: what was computed and left out, and the program.
void drawNotes(QPainter& painter, QRectF& rest, const SixPanelData& data, const Look& look) {
    const ConditionDifferenceResult& tested = data.difference;
    QStringList parts = data.notes;
    if (tested.sampled > 0) {
        parts << tr("Conditions compared on %1 of %2 cells, %3 shuffles.")
                     .arg(formatCount(static_cast<qint64>(tested.sampled)),
                          formatCount(static_cast<qint64>(tested.cells)), formatCount(tested.permutations));
    }
    parts << QString("%1 %2.").arg(QCoreApplication::applicationName(),
                                   QCoreApplication::applicationVersion());
    const QString text = parts.join(' ');
    painter.setFont(look.small);
    const QRectF needed = painter.boundingRect(rest, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, text);
    const QRectF foot(rest.left(), rest.bottom() - needed.height(), rest.width(), needed.height());
    painter.setPen(look.colors.muted);
    painter.drawText(foot, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, text);
    rest.setBottom(foot.top() - QFontMetricsF(look.small).height() * 0.5);
}

} // namespace

void drawSixPanels(QPainter& painter, const QSize& units, const SixPanelData& data, bool light, double dpi) {
    const Look look = lookFor(units, light, dpi);
    painter.fillRect(QRect(QPoint(), units), look.colors.surface);
    const double margin = QFontMetricsF(look.text).height() * 0.9;
    QRectF rest = QRectF(QPointF(), QSizeF(units)).adjusted(margin, margin * 0.8, -margin, -margin * 0.7);
    putText(painter, rest, data.title, look.title, look.colors.text);
    putText(painter, rest, data.verdict.title + '.', look.bold, verdictColor(data.verdict, look.colors));
    putText(painter, rest, (data.verdict.text + ' ' + data.verdict.remedy).trimmed(), look.text,
            look.colors.text);
    drawNotes(painter, rest, data, look);
    rest.setTop(rest.top() + margin * 0.5);
    const std::array<Panel, 6> panels = panelsOf(data, look);
    const double gap = margin * 1.2, width = (rest.width() - 2 * gap) / 3, height = (rest.height() - gap) / 2;
    for (int i = 0; i < 6; ++i) {
        const QRectF place(rest.left() + (i % 3) * (width + gap), rest.top() + (i / 3) * (height + gap),
                           width, height);
        drawPanel(painter, place, QString(QChar('a' + i)), panels[static_cast<std::size_t>(i)], look);
    }
}

Figure sixPanelFigure(const SixPanelData& data, const FigureOptions& options) {
    Figure figure;
    figure.title = data.title;
    figure.provenance = data.provenance;
    figure.draw = [data, options](QPaintDevice& device, double scale, const QSize& units) {
        QPainter painter(&device);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.scale(scale, scale);
        drawSixPanels(painter, units, data, options.light, options.dpi);
    };
    return figure;
}

std::vector<std::pair<QString, QString>> sixPanelTables(const SixPanelData& data) {
    std::vector<std::pair<QString, QString>> tables;
    const auto addCloud = [&](const char* name, const PointColors& by) {
        if (by.codes) {
            tables.emplace_back(name, pointCloudCsv(cloudOf(data, by)));
        }
    };
    addCloud("a_embedding_by_condition.csv", data.byCondition);
    addCloud("b_embedding_by_timepoint.csv", data.byTimepoint);
    addCloud("c_embedding_by_celltype.csv", data.byCelltype);
    tables.emplace_back("d_magnitudes.csv", histogramCsv(data.magnitudes));
    if (!data.means.series.empty()) {
        tables.emplace_back("e_means.csv", barCsv(data.means));
    }
    tables.emplace_back("f_sparsity.csv", barCsv(data.sparsity));
    tables.emplace_back("differences.csv", QString::fromStdString(difference_csv(data.difference)));
    return tables;
}

QStringList writeSixPanelTables(const SixPanelData& data, const QString& folder) {
    if (!QDir().mkpath(folder)) {
        throw Error("CannotWrite", "The output folder cannot be made", {folder.toStdString(), {}, {}},
                    "Choose a folder that you may write to");
    }
    QStringList written;
    for (const auto& [name, csv] : sixPanelTables(data)) {
        written << QDir(folder).filePath(name);
        writeTextFile(written.last(), csv, data.provenance);
    }
    return written;
}

} // namespace ember

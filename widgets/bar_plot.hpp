#pragma once
// Grouped bars: the legend's entries toggle series, the context menu saves the figure and its data.

#include <functional>

#include <QWidget>

#include "widgets/bar_data.hpp"
#include "widgets/figure_export.hpp"

namespace ember {

class BarPlot : public QWidget {
    Q_OBJECT
public:
    explicit BarPlot(QWidget* parent = nullptr);

    void setData(BarData data);
    const BarData& data() const { return data_; }
    void setSeriesVisible(int series, bool visible);

    /// Written into every exported file: how the figure was made (JSON text).
    void setProvenance(const QString& provenance) { provenance_ = provenance; }
    void setFigureName(const QString& name) { figureName_ = name; } ///< proposed file name without ending

    BarFigure figure() const; ///< as on screen, in the theme's colours
    QString csv() const { return barCsv(data_); }
    /// Throws ember::Error `CannotWrite`.
    void saveFigure(const QString& path, const FigureOptions& options) const;
    void saveCsv(const QString& path) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

public slots:
    void chooseAndSaveFigure(); ///< asks for format, size and path
    void chooseAndSaveCsv();

signals:
    void exported(const QString& path);
    void exportFailed(const QString& message, const QString& place, const QString& remedy);
    void seriesVisibilityChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool event(QEvent* event) override;

private:
    void describe();
    void report(const std::function<void()>& write, const QString& path);
    BarData data_;
    QString provenance_, figureName_;
    int current_ = 0; ///< series that the keyboard toggles
};

} // namespace ember

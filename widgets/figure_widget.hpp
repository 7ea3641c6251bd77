#pragma once
// What all plots have in common: the figure in a file, its data as CSV, the context menu.

#include <functional>

#include <QWidget>

#include "widgets/figure_export.hpp"

class QMenu;

namespace ember {

struct ThemeColors;

class FigureWidget : public QWidget {
    Q_OBJECT
public:
    /// Written into every exported file: how the figure was made (JSON text).
    void setProvenance(const QString& provenance) { provenance_ = provenance; }
    const QString& provenance() const { return provenance_; }
    void setFigureName(const QString& name) { figureName_ = name; } ///< proposed file name without ending
    const QString& figureName() const { return figureName_; }

    virtual QString csv() const = 0;
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

protected:
    FigureWidget(const QString& figureName, QWidget* parent);

    virtual QString figureTitle() const = 0;
    /// Draws what is on screen as a figure of `units` (1/96 inch) with its title.
    virtual void drawFigure(QPaintDevice& device, double scale, const QSize& units,
                            const FigureOptions& options) const = 0;
    virtual void addActions(QMenu& menu); ///< below those of every plot; adds none here

    void showContextMenu(const QPoint& place);
    void contextMenuEvent(QContextMenuEvent* event) override;
    void changeEvent(QEvent* event) override;
    QFont screenFont() const; ///< figures of equal width, in pixel size
    QFont paperFont() const;  ///< 9 pt on paper

private:
    void report(const std::function<void()>& write, const QString& path);
    QString provenance_, figureName_;
};

/// The colours that a figure in a file gets.
const ThemeColors& figureColors(const FigureOptions& options);

} // namespace ember

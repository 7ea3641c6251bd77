#include "widgets/figure_widget.hpp"

#include <QContextMenuEvent>
#include <QFileDialog>
#include <QMenu>

#include "core/base/error.hpp"
#include "widgets/save_figure_dialog.hpp"
#include "widgets/theme.hpp"

namespace ember {

FigureWidget::FigureWidget(const QString& figureName, QWidget* parent)
    : QWidget(parent), figureName_(figureName) {
    setFocusPolicy(Qt::StrongFocus);
}

void FigureWidget::saveFigure(const QString& path, const FigureOptions& options) const {
    Figure written;
    written.title = figureTitle();
    written.provenance = provenance_;
    written.draw = [this, &options](QPaintDevice& device, double scale, const QSize& units) {
        drawFigure(device, scale, units, options);
    };
    writeFigure(path, written, options);
}

void FigureWidget::saveCsv(const QString& path) const {
    writeTextFile(path, csv(), provenance_);
}

void FigureWidget::report(const std::function<void()>& write, const QString& path) {
    try {
        write();
        emit exported(path);
    } catch (const Error& error) {
        emit exportFailed(QString::fromStdString(error.message()), QString::fromStdString(error.place_text()),
                          QString::fromStdString(error.remedy()));
    }
}

void FigureWidget::chooseAndSaveFigure() {
    SaveFigureDialog dialog(figureName_, this);
    if (dialog.exec() == QDialog::Accepted)
        report([&] { saveFigure(dialog.path(), dialog.options()); }, dialog.path());
}

void FigureWidget::chooseAndSaveCsv() {
    const QString path = QFileDialog::getSaveFileName(
        this, tr("Export data"), figureName_ + QStringLiteral(".csv"), tr("Comma-separated values (*.csv)"));
    if (!path.isEmpty())
        report([&] { saveCsv(path); }, path);
}

void FigureWidget::addActions(QMenu&) {}

void FigureWidget::showContextMenu(const QPoint& place) {
    QMenu menu(this);
    menu.setObjectName(QStringLiteral("figureMenu"));
    menu.addAction(icon(QStringLiteral("document-save")), tr("Save figure…"), this,
                   &FigureWidget::chooseAndSaveFigure);
    menu.addAction(icon(QStringLiteral("document-export")), tr("Export data…"), this,
                   &FigureWidget::chooseAndSaveCsv);
    addActions(menu);
    menu.exec(place);
}

void FigureWidget::contextMenuEvent(QContextMenuEvent* event) {
    showContextMenu(event->reason() == QContextMenuEvent::Mouse ? event->globalPos()
                                                                : mapToGlobal(rect().center()));
}

void FigureWidget::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        update();
}

QFont FigureWidget::screenFont() const {
    QFont own = tabularFont(font());
    own.setPixelSize(fontInfo().pixelSize());
    return own;
}

QFont FigureWidget::paperFont() const {
    QFont own = tabularFont(font());
    own.setPixelSize(12);
    return own;
}

QSize FigureWidget::sizeHint() const {
    return {lengthInEms(this, 28), lengthInEms(this, 18)};
}

QSize FigureWidget::minimumSizeHint() const {
    return {lengthInEms(this, 12), lengthInEms(this, 9)};
}

const ThemeColors& figureColors(const FigureOptions& options) {
    return options.light ? lightThemeColors() : darkThemeColors();
}

} // namespace ember

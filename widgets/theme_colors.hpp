#pragma once
// The colours of the light and the dark theme. Chrome is grey; colour is for data, states and the one accent.

#include <QColor>

namespace ember {

/// Every text colour has a contrast of at least 4.5 (WCAG 2.1) on every surface that it is drawn on.
struct ThemeColors {
    bool dark = false;
    QColor window;  ///< behind everything
    QColor surface; ///< tables, fields, cards, plots
    QColor raised;  ///< menus, tooltips
    QColor stripe;  ///< every other row of a table
    QColor hover, selection;
    QColor track; ///< empty part of a bar
    QColor text, muted, disabled;
    QColor border;  ///< separators
    QColor control; ///< outlines of fields and buttons
    QColor accent, accentHover, accentText;
    QColor information, success, warning, error;                             ///< text and icons
    QColor informationSurface, successSurface, warningSurface, errorSurface; ///< behind them
    QColor bar;  ///< neutral data ink: bars without a category
    QColor grid; ///< grid lines of plots
};

const ThemeColors& lightThemeColors();
const ThemeColors& darkThemeColors();

/// Relative contrast of two opaque colours, 1 … 21 (WCAG 2.1, success criterion 1.4.3).
double contrastRatio(const QColor& a, const QColor& b);

} // namespace ember

#pragma once
// Light and dark, fonts and icons of the whole program.

#include <QFont>
#include <QObject>
#include <QString>

#include "widgets/icon.hpp"
#include "widgets/theme_colors.hpp"

class QApplication;
class QWidget;

namespace ember {

enum class ThemeMode { light, dark, system };

/// "light", "dark", "system": for settings. Unknown words give `system`.
QString toString(ThemeMode mode);
ThemeMode themeModeFrom(const QString& word);

/// Style, palette, fonts (bundled Inter), style sheet. May be called again at any time to switch;
/// `system` takes what the desktop says now.
void applyTheme(QApplication& application, ThemeMode mode);
ThemeMode themeMode();
bool isDarkTheme();
const ThemeColors& themeColors();

/// Emits changed() after the theme was switched; for widgets that draw with their own colours.
class ThemeNotifier : public QObject {
    Q_OBJECT
public:
    static ThemeNotifier& instance();
signals:
    void changed();

private:
    ThemeNotifier() = default;
    friend void applyTheme(QApplication& application, ThemeMode mode);
};

/// The widget's font with figures of equal width, for columns of numbers.
QFont tabularFont(const QFont& like);
QFont headingFont(const QFont& like, double scale = 1.25); ///< semi-bold, `scale` times the size

/// Styles by role, followed by the style sheet: "muted", "error", "heading" for labels; "card" and
/// "line" (a separator of one pixel) for frames.
void setRole(QWidget* widget, const char* role);
/// The one button of a form that does the thing.
void setPrimary(QWidget* button, bool primary = true);

/// Lengths that grow with the font: `ems` times the height of a line.
int lengthInEms(const QWidget* widget, double ems);

} // namespace ember

#include "widgets/theme.hpp"

#include <cmath>

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QFontDatabase>
#include <QFontMetrics>
#include <QPalette>
#include <QPixmapCache>
#include <QRegularExpression>
#include <QSettings>
#include <QStandardPaths>
#include <QStyle>
#include <QStyleFactory>
#include <QVariant>
#include <QWidget>

// Outside any namespace, as Q_INIT_RESOURCE demands.
static void loadResources() {
    Q_INIT_RESOURCE(ember);
}

namespace ember {

namespace {

struct State {
    ThemeMode mode = ThemeMode::system;
    bool dark = false;
    bool prepared = false;
    bool desktopIsDark = false; ///< by the palette that the program started with
};

State& state() {
    static State current;
    return current;
}

bool gtkPrefersDark() {
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation);
    for (const char* version : {"gtk-4.0", "gtk-3.0"}) {
        const QString path =
            folder + QLatin1Char('/') + QLatin1String(version) + QLatin1String("/settings.ini");
        if (!QFile::exists(path))
            continue;
        const QSettings settings(path, QSettings::IniFormat);
        const QString wish =
            settings.value(QStringLiteral("Settings/gtk-application-prefer-dark-theme")).toString();
        const QString name = settings.value(QStringLiteral("Settings/gtk-theme-name")).toString();
        if (wish == QLatin1String("1") || wish == QLatin1String("true") ||
            name.endsWith(QLatin1String("-dark"), Qt::CaseInsensitive))
            return true;
    }
    return qEnvironmentVariable("GTK_THEME").endsWith(QLatin1String("dark"), Qt::CaseInsensitive);
}

void addFonts() {
    const QDir folder(QStringLiteral(":/ember/fonts"));
    for (const QString& file : folder.entryList({QStringLiteral("*.otf")}))
        QFontDatabase::addApplicationFont(folder.filePath(file));
}

void prepareOnce(QApplication& application) {
    if (state().prepared)
        return;
    state().prepared = true;
    loadResources();
    addFonts();
    const QPalette desktop = application.palette();
    state().desktopIsDark =
        desktop.color(QPalette::Window).lightness() < desktop.color(QPalette::WindowText).lightness() ||
        gtkPrefersDark();
    QFont font(QStringLiteral("Inter"));
    font.setPointSizeF(std::max(10.0, application.font().pointSizeF()));
    application.setFont(font);
    application.setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
}

QPalette paletteOf(const ThemeColors& c) {
    QPalette p;
    const auto set = [&p](QPalette::ColorRole role, const QColor& color, const QColor& disabled) {
        p.setColor(QPalette::Active, role, color);
        p.setColor(QPalette::Inactive, role, color);
        p.setColor(QPalette::Disabled, role, disabled);
    };
    set(QPalette::Window, c.window, c.window);
    set(QPalette::WindowText, c.text, c.disabled);
    set(QPalette::Base, c.surface, c.window);
    set(QPalette::AlternateBase, c.stripe, c.window);
    set(QPalette::Text, c.text, c.disabled);
    set(QPalette::PlaceholderText, c.muted, c.disabled);
    set(QPalette::Button, c.window, c.window);
    set(QPalette::ButtonText, c.text, c.disabled);
    set(QPalette::BrightText, c.accentText, c.disabled);
    set(QPalette::ToolTipBase, c.raised, c.raised);
    set(QPalette::ToolTipText, c.text, c.text);
    set(QPalette::Highlight, c.selection, c.selection);
    set(QPalette::HighlightedText, c.text, c.disabled);
    set(QPalette::Link, c.accent, c.disabled);
    set(QPalette::LinkVisited, c.accent, c.disabled);
    set(QPalette::Light, c.raised, c.raised);
    set(QPalette::Midlight, c.hover, c.hover);
    set(QPalette::Mid, c.border, c.border);
    set(QPalette::Dark, c.control, c.border);
    set(QPalette::Shadow, c.dark ? QColor("#000000") : c.control, c.border);
    return p;
}

QString styleSheetOf(const ThemeColors& c) {
    QFile file(QStringLiteral(":/ember/style/emberview.qss"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QHash<QString, QString> words = {
        {"window", c.window.name()},
        {"surface", c.surface.name()},
        {"raised", c.raised.name()},
        {"stripe", c.stripe.name()},
        {"hover", c.hover.name()},
        {"selection", c.selection.name()},
        {"track", c.track.name()},
        {"text", c.text.name()},
        {"muted", c.muted.name()},
        {"disabled", c.disabled.name()},
        {"border", c.border.name()},
        {"control", c.control.name()},
        {"accent", c.accent.name()},
        {"accentHover", c.accentHover.name()},
        {"accentText", c.accentText.name()},
        {"error", c.error.name()},
        {"icons", c.dark ? ":/ember/style/dark" : ":/ember/style/light"},
    };
    const QString text = QString::fromUtf8(file.readAll());
    static const QRegularExpression word(QStringLiteral("@([A-Za-z]+)"));
    QString sheet;
    qsizetype done = 0;
    for (auto it = word.globalMatch(text); it.hasNext();) {
        const auto match = it.next();
        sheet += QStringView(text).mid(done, match.capturedStart() - done);
        sheet += words.value(match.captured(1), match.captured(1));
        done = match.capturedEnd();
    }
    return sheet + text.mid(done);
}

void restyle(QWidget* widget) {
    if (!widget->testAttribute(Qt::WA_WState_Polished))
        return; // the first polish will see the property; polishing twice is what makes many widgets slow
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
    widget->update();
}

} // namespace

QString toString(ThemeMode mode) {
    switch (mode) {
    case ThemeMode::light:
        return QStringLiteral("light");
    case ThemeMode::dark:
        return QStringLiteral("dark");
    case ThemeMode::system:
        break;
    }
    return QStringLiteral("system");
}

ThemeMode themeModeFrom(const QString& word) {
    if (word == QLatin1String("light"))
        return ThemeMode::light;
    return word == QLatin1String("dark") ? ThemeMode::dark : ThemeMode::system;
}

void applyTheme(QApplication& application, ThemeMode mode) {
    prepareOnce(application);
    state().mode = mode;
    state().dark = mode == ThemeMode::dark || (mode == ThemeMode::system && state().desktopIsDark);
    QPixmapCache::clear();
    application.setPalette(paletteOf(themeColors()));
    application.setStyleSheet(styleSheetOf(themeColors()));
    emit ThemeNotifier::instance().changed();
}

ThemeMode themeMode() {
    return state().mode;
}

bool isDarkTheme() {
    return state().dark;
}

const ThemeColors& themeColors() {
    return state().dark ? darkThemeColors() : lightThemeColors();
}

ThemeNotifier& ThemeNotifier::instance() {
    static ThemeNotifier notifier;
    return notifier;
}

QFont tabularFont(const QFont& like) {
    QFont font(like);
    font.setFamilies({QStringLiteral("Inter Tabular"), like.family()});
    return font;
}

QFont headingFont(const QFont& like, double scale) {
    QFont font(like);
    font.setWeight(QFont::DemiBold);
    if (like.pixelSize() > 0)
        font.setPixelSize(static_cast<int>(std::lround(like.pixelSize() * scale)));
    else
        font.setPointSizeF(like.pointSizeF() * scale);
    return font;
}

void setRole(QWidget* widget, const char* role) {
    widget->setProperty("role", role);
    restyle(widget);
}

void setPrimary(QWidget* button, bool primary) {
    button->setProperty("primary", primary);
    restyle(button);
}

int lengthInEms(const QWidget* widget, double ems) {
    return static_cast<int>(std::lround(ems * widget->fontMetrics().height()));
}

} // namespace ember

#include <QApplication>
#include <QFile>
#include <QFontInfo>
#include <QFontMetricsF>
#include <QImage>
#include <QLabel>
#include <QPixmap>

#include <gtest/gtest.h>

#include "widgets/theme.hpp"

using namespace ember;

namespace {

struct Pair {
    const char* name;
    QColor ink, ground;
};

std::vector<Pair> textOnSurfaces(const ThemeColors& c) {
    std::vector<Pair> pairs;
    const std::pair<const char*, QColor> grounds[] = {{"window", c.window}, {"surface", c.surface},
                                                      {"raised", c.raised}, {"stripe", c.stripe},
                                                      {"hover", c.hover},   {"selection", c.selection}};
    for (const auto& [name, ground] : grounds) {
        pairs.push_back({name, c.text, ground});
        pairs.push_back({name, c.muted, ground});
    }
    for (const QColor& ink : {c.error, c.accent}) {
        pairs.push_back({"coloured text on window", ink, c.window});
        pairs.push_back({"coloured text on surface", ink, c.surface});
    }
    pairs.push_back({"button", c.accentText, c.accent});
    pairs.push_back({"button under the mouse", c.accentText, c.accentHover});
    const std::pair<QColor, QColor> bars[] = {{c.information, c.informationSurface},
                                              {c.success, c.successSurface},
                                              {c.warning, c.warningSurface},
                                              {c.error, c.errorSurface}};
    for (const auto& [ink, ground] : bars) {
        pairs.push_back({"title of a bar", ink, ground});
        pairs.push_back({"text of a bar", c.text, ground});
    }
    return pairs;
}

TEST(Theme, ContrastFollowsTheStandardsExamples) {
    EXPECT_NEAR(contrastRatio("#000000", "#ffffff"), 21, 1e-9);
    EXPECT_NEAR(contrastRatio("#777777", "#ffffff"), 4.48, 0.01);
}

TEST(Theme, AllTextIsLegibleOnBothThemes) {
    for (const ThemeColors& colors : {lightThemeColors(), darkThemeColors()}) {
        for (const Pair& pair : textOnSurfaces(colors)) {
            EXPECT_GE(contrastRatio(pair.ink, pair.ground), 4.5)
                << (colors.dark ? "dark: " : "light: ") << pair.name << ": " << pair.ink.name().toStdString()
                << " on " << pair.ground.name().toStdString();
        }
    }
}

TEST(Theme, AllIconsAreDrawnInTheThemesColour) {
    const QStringList names = iconNames();
    ASSERT_GE(names.size(), 60);
    for (const ThemeMode mode : {ThemeMode::dark, ThemeMode::light}) {
        applyTheme(*qApp, mode);
        for (const QString& name : names) {
            const QImage image = icon(name, IconColor::error).pixmap(QSize(32, 32), 1.0).toImage();
            ASSERT_FALSE(image.isNull()) << name.toStdString();
            int inked = 0, themed = 0;
            for (int y = 0; y < image.height(); ++y) {
                for (int x = 0; x < image.width(); ++x) {
                    if (image.pixelColor(x, y).alpha() < 250)
                        continue;
                    ++inked;
                    themed += image.pixelColor(x, y) == themeColors().error ? 1 : 0;
                }
            }
            EXPECT_GT(inked, 4) << name.toStdString() << " is empty";
            const bool ownColours = name == "app" || name == "color-management";
            EXPECT_TRUE(ownColours || themed > 0) << name.toStdString() << " ignores the theme";
        }
    }
}

TEST(Theme, UnknownIconsAreNull) {
    EXPECT_TRUE(icon("no-such-icon").isNull());
    EXPECT_FALSE(icon("document-open").isNull());
}

TEST(Theme, IconsHandedOutEarlierFollowTheTheme) {
    applyTheme(*qApp, ThemeMode::light);
    const QIcon early = icon("document-open");
    const QImage light = early.pixmap(QSize(32, 32), 1.0).toImage();
    applyTheme(*qApp, ThemeMode::dark);
    const QImage dark = early.pixmap(QSize(32, 32), 1.0).toImage();
    applyTheme(*qApp, ThemeMode::light);
    EXPECT_NE(light, dark);
    EXPECT_EQ(early.pixmap(QSize(32, 32), 1.0).toImage(), light);
}

TEST(Theme, TheBundledFontIsUsed) {
    EXPECT_EQ(QFontInfo(qApp->font()).family().toStdString(), "Inter");
    EXPECT_EQ(QFontInfo(tabularFont(qApp->font())).family().toStdString(), "Inter Tabular");
}

TEST(Theme, FiguresOfTheTabularFontAreOfOneWidth) {
    const QFontMetricsF metrics(tabularFont(qApp->font()));
    for (const char figure : {'0', '2', '7', '9'})
        EXPECT_DOUBLE_EQ(metrics.horizontalAdvance(QLatin1Char('1')),
                         metrics.horizontalAdvance(QLatin1Char(figure)));
}

TEST(Theme, StyleSheetHasNoUnknownWords) {
    applyTheme(*qApp, ThemeMode::light);
    EXPECT_FALSE(qApp->styleSheet().isEmpty());
    EXPECT_FALSE(qApp->styleSheet().section("*/", 1).contains('@'));
    for (const char* theme : {"light", "dark"}) {
        for (const char* name :
             {"sort-up", "sort-down", "branch-open", "branch-closed", "close", "float", "check-on-accent"})
            EXPECT_TRUE(QFile::exists(QStringLiteral(":/ember/style/%1/%2.svg").arg(theme, name))) << name;
    }
}

TEST(Theme, ModesAreKeptAsWords) {
    for (const ThemeMode mode : {ThemeMode::light, ThemeMode::dark, ThemeMode::system})
        EXPECT_EQ(themeModeFrom(toString(mode)), mode);
    EXPECT_EQ(themeModeFrom("rubbish"), ThemeMode::system);
}

TEST(Theme, SwitchingTellsAndRecolours) {
    int told = 0;
    QObject guard;
    QObject::connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, &guard, [&told] { ++told; });
    applyTheme(*qApp, ThemeMode::dark);
    EXPECT_TRUE(isDarkTheme());
    EXPECT_EQ(qApp->palette().color(QPalette::Window), darkThemeColors().window);
    applyTheme(*qApp, ThemeMode::light);
    EXPECT_EQ(qApp->palette().color(QPalette::Window), lightThemeColors().window);
    EXPECT_EQ(told, 2);
}

TEST(Theme, RolesGiveLabelsTheirColour) {
    applyTheme(*qApp, ThemeMode::light);
    QLabel label("text");
    setRole(&label, "error");
    label.ensurePolished();
    EXPECT_EQ(label.palette().color(QPalette::WindowText), lightThemeColors().error);
    setRole(&label, "muted");
    EXPECT_EQ(label.palette().color(QPalette::WindowText), lightThemeColors().muted);
}

} // namespace

#include "app/window/theme_choice.hpp"

#include <QApplication>
#include <QMenu>
#include <QSettings>

namespace ember {

namespace {
const QString key = QStringLiteral("window/theme");
}

ThemeChoice::ThemeChoice(QObject* parent) : QObject(parent), actions_(new QActionGroup(this)) {
    const std::pair<ThemeMode, QString> modes[] = {{ThemeMode::system, tr("As the system")},
                                                   {ThemeMode::light, tr("Light")},
                                                   {ThemeMode::dark, tr("Dark")}};
    for (const auto& [mode, text] : modes) {
        QAction* action = actions_->addAction(text);
        action->setObjectName("theme-" + toString(mode));
        action->setCheckable(true);
        action->setChecked(mode == themeMode());
        action->setData(static_cast<int>(mode));
        connect(action, &QAction::triggered, this, [this, mode = mode] { choose(mode); });
    }
}

ThemeMode ThemeChoice::saved() {
    return themeModeFrom(QSettings().value(key).toString());
}

void ThemeChoice::save(ThemeMode mode) {
    QSettings().setValue(key, toString(mode));
}

void ThemeChoice::choose(ThemeMode mode) {
    save(mode);
    if (mode != themeMode()) {
        applyTheme(*qApp, mode);
    }
    for (QAction* action : actions_->actions()) {
        action->setChecked(action->data().toInt() == static_cast<int>(mode));
    }
}

void ThemeChoice::fill(QMenu* menu) {
    menu->addActions(actions_->actions());
}

void ThemeChoice::toggle() {
    choose(isDarkTheme() ? ThemeMode::light : ThemeMode::dark);
}

} // namespace ember

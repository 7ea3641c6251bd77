#include "app/window/recent_files.hpp"

#include <QDir>
#include <QFileInfo>
#include <QMenu>
#include <QSettings>

namespace ember {

namespace {
constexpr qsizetype kept = 10;
const QString key = QStringLiteral("recent/files");
} // namespace

RecentFiles::RecentFiles(QObject* parent) : QObject(parent) {}

QStringList RecentFiles::paths() const {
    QStringList present;
    for (const QString& path : QSettings().value(key).toStringList()) {
        if (QFileInfo::exists(path)) {
            present << path;
        }
    }
    return present;
}

void RecentFiles::add(const QString& path) {
    QStringList all = QSettings().value(key).toStringList();
    all.removeAll(path);
    all.prepend(path);
    QSettings().setValue(key, QStringList(all.mid(0, kept)));
    emit changed();
}

void RecentFiles::clear() {
    QSettings().remove(key);
    emit changed();
}

void RecentFiles::fill(QMenu* menu) {
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        menu->clear();
        for (const QString& path : paths()) {
            QAction* action = menu->addAction(shortPath(path).replace('&', "&&"));
            connect(action, &QAction::triggered, this, [this, path] { emit chosen(path); });
        }
        if (menu->isEmpty()) {
            menu->addAction(tr("Nothing opened yet"))->setEnabled(false);
            return;
        }
        menu->addSeparator();
        connect(menu->addAction(tr("Clear the list")), &QAction::triggered, this, &RecentFiles::clear);
    });
}

QString shortPath(const QString& path) {
    const QString home = QDir::homePath();
    return path.startsWith(home + '/') ? "~" + path.mid(home.size()) : path;
}

} // namespace ember

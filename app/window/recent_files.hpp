#pragma once
// Files opened lately, kept between starts.

#include <QObject>
#include <QStringList>

class QMenu;

namespace ember {

class RecentFiles : public QObject {
    Q_OBJECT
public:
    explicit RecentFiles(QObject* parent = nullptr);

    QStringList paths() const; ///< latest first, at most 10; those that are gone are left out
    void add(const QString& path);
    void clear();

    /// Keeps `menu` filled; a choice emits chosen().
    void fill(QMenu* menu);

signals:
    void changed();
    void chosen(const QString& path);
};

/// A path as a person reads it: below the home folder it starts with ~.
QString shortPath(const QString& path);

} // namespace ember

#pragma once
// The theme as the user set it: a menu, kept between starts.

#include <QActionGroup>
#include <QObject>

#include "widgets/theme.hpp"

class QMenu;

namespace ember {

class ThemeChoice : public QObject {
    Q_OBJECT
public:
    explicit ThemeChoice(QObject* parent = nullptr);

    static ThemeMode saved(); ///< `system` when never set
    static void save(ThemeMode mode);
    void choose(ThemeMode mode); ///< saves and applies it
    void fill(QMenu* menu);
    void toggle(); ///< between light and dark

private:
    QActionGroup* actions_;
};

} // namespace ember

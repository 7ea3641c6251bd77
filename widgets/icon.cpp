#include "widgets/icon.hpp"

#include <QDir>
#include <QFile>
#include <QHash>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

#include "widgets/theme.hpp"

namespace ember {

namespace {

QString pathOf(const QString& name) {
    return QStringLiteral(":/ember/icons/%1.svg").arg(name);
}

QColor colorOf(IconColor role, QIcon::Mode mode) {
    const ThemeColors& colors = themeColors();
    if (mode == QIcon::Disabled)
        return colors.disabled;
    switch (role) {
    case IconColor::text:
        return colors.text;
    case IconColor::muted:
        return colors.muted;
    case IconColor::accent:
        return colors.accent;
    case IconColor::accentText:
        return colors.accentText;
    case IconColor::information:
        return colors.information;
    case IconColor::success:
        return colors.success;
    case IconColor::warning:
        return colors.warning;
    case IconColor::error:
        return colors.error;
    }
    return colors.text;
}

QByteArray sourceOf(const QString& name) {
    static QHash<QString, QByteArray> sources;
    auto found = sources.constFind(name);
    if (found == sources.constEnd()) {
        QFile file(pathOf(name));
        found = sources.insert(name, file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray());
    }
    return *found;
}

/// Asks for the colour whenever it draws, so that icons handed out earlier follow the theme.
class ThemedIconEngine : public QIconEngine {
public:
    ThemedIconEngine(QString name, IconColor role) : name_(std::move(name)), role_(role) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
        QByteArray source = sourceOf(name_);
        source.replace("currentColor", colorOf(role_, mode).name().toLatin1());
        QSvgRenderer renderer(source);
        renderer.setAspectRatioMode(Qt::KeepAspectRatio);
        if (mode == QIcon::Disabled && name_ == QLatin1String("app"))
            painter->setOpacity(0.5);
        renderer.render(painter, rect);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        if (size.isEmpty())
            return {};
        const QString key = QStringLiteral("ember-icon/%1/%2/%3x%4")
                                .arg(name_, colorOf(role_, mode).name())
                                .arg(size.width())
                                .arg(size.height());
        QPixmap pixmap;
        if (!QPixmapCache::find(key, &pixmap)) {
            pixmap = QPixmap(size);
            pixmap.fill(Qt::transparent);
            QPainter painter(&pixmap);
            painter.setRenderHint(QPainter::Antialiasing);
            paint(&painter, QRect(QPoint(), size), mode, state);
            painter.end();
            QPixmapCache::insert(key, pixmap);
        }
        return pixmap;
    }

    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal) override {
        return pixmap(size, mode, state);
    }

    QIconEngine* clone() const override { return new ThemedIconEngine(name_, role_); }
    QString key() const override { return QStringLiteral("ember"); }
    QString iconName() override { return name_; }
    bool isNull() override { return false; }

private:
    QString name_;
    IconColor role_;
};

} // namespace

QIcon icon(const QString& name, IconColor color) {
    if (name.isEmpty() || !QFile::exists(pathOf(name)))
        return {};
    return QIcon(new ThemedIconEngine(name, color)); // QIcon owns its engine
}

QStringList iconNames() {
    QStringList names;
    for (const QString& file : QDir(QStringLiteral(":/ember/icons")).entryList({QStringLiteral("*.svg")}))
        names << file.chopped(4);
    return names;
}

} // namespace ember

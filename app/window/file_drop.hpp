#pragma once
// Files dropped anywhere on the window are opened.

#include <QObject>
#include <QStringList>

class QWidget;

namespace ember {

class FileDrop : public QObject {
    Q_OBJECT
public:
    explicit FileDrop(QWidget* window); ///< also the parent

signals:
    void dropped(const QStringList& paths);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    bool isOurs(const QObject* watched) const;
};

} // namespace ember

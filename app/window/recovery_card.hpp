#pragma once
// On the welcome page: what a program that did not end properly left behind.

#include <QFrame>

class QLabel;
class QPushButton;

namespace ember {

class RecoveryCard : public QFrame {
    Q_OBJECT
public:
    explicit RecoveryCard(QWidget* parent = nullptr);
    /// `content`: "wound_demo, st_wound and 3 more"; `when`: "today at 21:40".
    void offer(const QString& content, const QString& when);

signals:
    void accepted();
    void discarded();

private:
    QLabel* text_;
    QPushButton *accept_, *discard_;
};

/// "today at 21:40", "20 November 2026 at 21:40".
QString momentText(const QDateTime& moment, const QDate& today);

} // namespace ember

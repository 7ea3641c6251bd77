#pragma once
// What a panel shows when it has nothing: an icon, what would be here, and the button that gets it.

#include <QString>
#include <QWidget>

class QLabel;
class QPushButton;

namespace ember {

/// Object names: "emptyState", inside "emptyStateButton".
class EmptyState : public QWidget {
    Q_OBJECT
public:
    /// `buttonText` empty: no button.
    EmptyState(const QString& iconName, const QString& title, const QString& sentence,
               const QString& buttonText = {}, QWidget* parent = nullptr);

    void setTexts(const QString& title, const QString& sentence, const QString& buttonText = {});
    QPushButton* button() const { return button_; }

signals:
    void triggered();

private:
    void retint();
    QString iconName_;
    QLabel *icon_ = nullptr, *title_ = nullptr, *sentence_ = nullptr;
    QPushButton* button_ = nullptr;
};

} // namespace ember

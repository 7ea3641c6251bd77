#pragma once
// What the window shows before anything is open.

#include <QScrollArea>

class QPushButton;
class QVBoxLayout;

namespace ember {

class RecentFiles;
class RecoveryCard;

class WelcomePage : public QScrollArea {
    Q_OBJECT
public:
    explicit WelcomePage(RecentFiles& recent, QWidget* parent = nullptr);

    /// Offers the last session: "wound_demo, st_wound and 3 more". Empty: no offer.
    void offerSession(const QString& content);
    /// Offers what a crash left, as it was `when`. Empty: no offer.
    void offerRecovery(const QString& content, const QString& when);

signals:
    void openRequested();
    void openFolderRequested();
    void demoRequested();
    void sessionRequested();
    void recoveryRequested();
    void recoveryDiscarded();
    void fileChosen(const QString& path);

private:
    void listRecent();
    RecentFiles& recent_;
    QVBoxLayout* recentLayout_ = nullptr;
    QPushButton* session_ = nullptr;
    RecoveryCard* recovery_ = nullptr;
};

} // namespace ember

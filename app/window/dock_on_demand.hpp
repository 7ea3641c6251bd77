#pragma once
// The Jobs dock comes when a long job starts and goes when all went well.

#include <QObject>

class QDockWidget;
class QTimer;

namespace ember {

class JobCentre;
class JobPanel;

class DockOnDemand : public QObject {
    Q_OBJECT
public:
    DockOnDemand(QDockWidget* dock, JobPanel* panel, JobCentre& jobs); ///< `dock` is the parent

private:
    void come();
    void consider();
    QDockWidget* dock_;
    JobCentre& jobs_;
    QTimer* leaving_;
    bool cameByItself_ = false;
};

} // namespace ember

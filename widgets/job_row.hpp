#pragma once
// One row of the job list.

#include <QFrame>

#include "widgets/job_list.hpp"

class QLabel;
class QPlainTextEdit;
class QProgressBar;
class QToolButton;

namespace ember {

class ElidedLabel;

class JobRowWidget : public QFrame {
    Q_OBJECT
public:
    explicit JobRowWidget(int id, QWidget* parent = nullptr);
    void setRow(const JobRow& row);
    const JobRow& row() const { return row_; }

signals:
    void cancelClicked();
    void removeClicked();

private:
    void retint();
    void showLog(bool shown);
    JobRow row_;
    QLabel *icon_, *time_;
    ElidedLabel *name_, *phase_;
    QProgressBar* progress_;
    QToolButton *cancel_, *log_, *remove_;
    QPlainTextEdit* logText_;
};

} // namespace ember

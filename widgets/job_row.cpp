#include "widgets/job_row.hpp"

#include <cmath>

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QScrollBar>
#include <QToolButton>

#include "widgets/elided_label.hpp"
#include "widgets/formatting.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

struct StateLook {
    const char* icon;
    IconColor color;
};

StateLook lookOf(JobRowState state) {
    switch (state) {
    case JobRowState::queued:
        return {"state-queued", IconColor::muted};
    case JobRowState::running:
        return {"state-running", IconColor::accent};
    case JobRowState::cancelling:
    case JobRowState::cancelled:
        return {"state-cancelled", IconColor::muted};
    case JobRowState::done:
        return {"state-success", IconColor::success};
    case JobRowState::failed:
        return {"state-error", IconColor::error};
    }
    return {"state-queued", IconColor::muted};
}

bool isOver(JobRowState state) {
    return state == JobRowState::done || state == JobRowState::failed || state == JobRowState::cancelled;
}

QToolButton* toolButton(const char* name, const char* iconName, const QString& text, QWidget* parent) {
    auto* button = new QToolButton(parent);
    button->setObjectName(QLatin1String(name));
    button->setIcon(icon(QLatin1String(iconName), IconColor::muted));
    button->setToolTip(text);
    button->setAccessibleName(text);
    return button;
}

} // namespace

JobRowWidget::JobRowWidget(int id, QWidget* parent) : QFrame(parent) {
    setObjectName(QStringLiteral("job-%1").arg(id));
    row_.id = id;
    icon_ = new QLabel(this);
    name_ = new ElidedLabel(this);
    name_->setObjectName(QStringLiteral("jobName"));
    name_->setFont(headingFont(font(), 1.0));
    phase_ = new ElidedLabel(this);
    phase_->setObjectName(QStringLiteral("jobPhase"));
    setRole(phase_, "muted");
    time_ = new QLabel(this);
    time_->setObjectName(QStringLiteral("jobTime"));
    time_->setFont(tabularFont(font()));
    setRole(time_, "muted");
    progress_ = new QProgressBar(this);
    progress_->setObjectName(QStringLiteral("jobProgress"));
    progress_->setAccessibleName(tr("Progress"));
    progress_->setTextVisible(false);
    cancel_ = toolButton("jobCancelButton", "media-playback-stop", tr("Cancel this job"), this);
    log_ = toolButton("jobLogButton", "view-list-details", tr("Show the log"), this);
    log_->setCheckable(true);
    remove_ = toolButton("jobRemoveButton", "close", tr("Remove from the list"), this);
    logText_ = new QPlainTextEdit(this);
    logText_->setObjectName(QStringLiteral("jobLog"));
    logText_->setAccessibleName(tr("Log"));
    logText_->setReadOnly(true);
    logText_->setMaximumBlockCount(10000);
    logText_->setFixedHeight(lengthInEms(this, 8));
    logText_->hide();

    auto* top = new QHBoxLayout;
    top->setSpacing(6);
    top->addWidget(icon_);
    top->addWidget(name_, 1);
    top->addWidget(time_);
    top->addWidget(log_);
    top->addWidget(cancel_);
    top->addWidget(remove_);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8, 5, 6, 6);
    column->setSpacing(3);
    column->addLayout(top);
    column->addWidget(progress_);
    column->addWidget(phase_);
    column->addWidget(logText_);

    connect(cancel_, &QToolButton::clicked, this, &JobRowWidget::cancelClicked);
    connect(remove_, &QToolButton::clicked, this, &JobRowWidget::removeClicked);
    connect(log_, &QToolButton::toggled, this, &JobRowWidget::showLog);
    connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, this, &JobRowWidget::retint);
}

void JobRowWidget::setRow(const JobRow& row) {
    const bool newState = row.state != row_.state || name_->text().isEmpty();
    const bool newLog = row.log.size() != row_.log.size();
    row_ = row;
    name_->setText(row.name);
    const bool over = isOver(row.state);
    if (over) {
        phase_->setText(row.state == JobRowState::failed && !row.error.isEmpty()
                            ? row.error
                            : jobRowStateText(row.state));
        time_->setText(row.secondsElapsed > 0 ? formatDuration(row.secondsElapsed) : QString());
    } else {
        phase_->setText(row.phase.isEmpty() || row.state != JobRowState::running ? jobRowStateText(row.state)
                                                                                 : row.phase);
        time_->setText(row.state == JobRowState::running ? formatTimeLeft(row.secondsLeft) : QString());
    }
    phase_->setVisible(row.state != JobRowState::done); // the icon and the time say it
    progress_->setVisible(!over && row.state != JobRowState::queued);
    progress_->setRange(0, row.fraction < 0 ? 0 : 1000);
    if (row.fraction >= 0)
        progress_->setValue(static_cast<int>(std::lround(row.fraction * 1000)));
    cancel_->setVisible(!over);
    cancel_->setEnabled(row.state != JobRowState::cancelling);
    remove_->setVisible(over);
    log_->setVisible(!row.log.isEmpty());
    setAccessibleName(row.name);
    setAccessibleDescription(jobRowStateText(row.state));
    if (newState)
        retint();
    if (newLog && log_->isChecked())
        showLog(true);
}

void JobRowWidget::showLog(bool shown) {
    logText_->setVisible(shown);
    if (!shown)
        return;
    logText_->setPlainText(row_.log.join(QLatin1Char('\n')));
    logText_->verticalScrollBar()->setValue(logText_->verticalScrollBar()->maximum());
}

void JobRowWidget::retint() {
    const StateLook look = lookOf(row_.state);
    const int side = lengthInEms(this, 1.0);
    icon_->setPixmap(
        icon(QLatin1String(look.icon), look.color).pixmap(QSize(side, side), devicePixelRatioF()));
    icon_->setToolTip(jobRowStateText(row_.state));
}

} // namespace ember

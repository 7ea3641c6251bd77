#include "widgets/job_list.hpp"

#include <vector>

#include <QCoreApplication>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

#include "widgets/job_row.hpp"
#include "widgets/theme.hpp"

namespace ember {

JobList::JobList(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("jobList"));
    setAccessibleName(tr("Jobs"));
    auto* area = new QScrollArea(this);
    area->setObjectName(QStringLiteral("jobListArea"));
    area->setAccessibleName(tr("Jobs"));
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* inner = new QWidget(area);
    layout_ = new QVBoxLayout(inner);
    layout_->setContentsMargins(0, 0, 0, 0);
    layout_->setSpacing(0);
    auto* nothing = new QLabel(tr("No jobs. Opening, predicting and exporting show up here."), inner);
    nothing->setAlignment(Qt::AlignCenter);
    nothing->setWordWrap(true);
    nothing->setContentsMargins(12, 12, 12, 12);
    setRole(nothing, "muted");
    empty_ = nothing;
    layout_->addWidget(empty_);
    layout_->addStretch();
    area->setWidget(inner);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(area);
}

void JobList::setJob(const JobRow& row) {
    JobRowWidget*& widget = rows_[row.id];
    if (widget == nullptr) {
        widget = new JobRowWidget(row.id, this);
        const int id = row.id;
        connect(widget, &JobRowWidget::cancelClicked, this, [this, id] { emit cancelRequested(id); });
        connect(widget, &JobRowWidget::removeClicked, this, [this, id] {
            removeJob(id);
            emit removed(id);
        });
        layout_->insertWidget(0, widget);
        empty_->hide();
    }
    widget->setRow(row);
}

void JobList::removeJob(int id) {
    const auto found = rows_.find(id);
    if (found == rows_.end())
        return;
    found->second->hide();
    found->second->deleteLater(); // may be asked for by the row's own button
    rows_.erase(found);
    empty_->setVisible(rows_.empty());
}

void JobList::clearFinished() {
    std::vector<int> over;
    for (const auto& [id, widget] : rows_) {
        const JobRowState state = widget->row().state;
        if (state == JobRowState::done || state == JobRowState::failed || state == JobRowState::cancelled)
            over.push_back(id);
    }
    for (const int id : over) {
        removeJob(id);
        emit removed(id);
    }
}

const JobRow* JobList::job(int id) const {
    const auto found = rows_.find(id);
    return found == rows_.end() ? nullptr : &found->second->row();
}

QString jobRowStateText(JobRowState state) {
    switch (state) {
    case JobRowState::queued:
        return QCoreApplication::translate("ember::JobList", "Queued");
    case JobRowState::running:
        return QCoreApplication::translate("ember::JobList", "Running");
    case JobRowState::cancelling:
        return QCoreApplication::translate("ember::JobList", "Cancelling …");
    case JobRowState::done:
        return QCoreApplication::translate("ember::JobList", "Done");
    case JobRowState::failed:
        return QCoreApplication::translate("ember::JobList", "Failed");
    case JobRowState::cancelled:
        return QCoreApplication::translate("ember::JobList", "Cancelled");
    }
    return {};
}

} // namespace ember

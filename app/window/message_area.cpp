#include "app/window/message_area.hpp"

#include <algorithm>

#include <QDesktopServices>
#include <QEvent>
#include <QFileInfo>
#include <QPushButton>
#include <QRegularExpression>
#include <QScrollBar>
#include <QTimer>
#include <QUrl>
#include <QVBoxLayout>

#include "widgets/message_bar.hpp"

namespace ember {

namespace {

/// The class of an error in plain words: "NotARunDirectory" is "Not a run directory". Other titles stay.
QString plainTitle(const QString& title) {
    static const QRegularExpression className("^(?:[A-Z][a-z0-9]*){2,}$");
    if (!className.match(title).hasMatch()) {
        return title;
    }
    QString words;
    for (const QChar letter : title) {
        words += letter.isUpper() && !words.isEmpty() ? QString(" ") + letter.toLower() : QString(letter);
    }
    return words.replace("hdf5", "HDF5").replace("utf8", "UTF-8");
}

BarMessage barMessage(const Message& message) {
    static constexpr BarKind kinds[] = {BarKind::information, BarKind::warning, BarKind::error};
    BarMessage bar{kinds[static_cast<int>(message.kind)], plainTitle(message.title), message.text,
                   message.remedy, message.details};
    if (bar.title != message.title) {
        bar.details +=
            (bar.details.isEmpty() ? "" : "\n") + MessageArea::tr("Error class: %1").arg(message.title);
    }
    return bar;
}

/// A report that was written: the first line of the details of good news. Empty: there is nothing to open.
QString writtenReport(const Message& message) {
    const QFileInfo file(message.details.section('\n', 0, 0));
    const QString ending = file.suffix().toLower();
    const bool readable = (ending == "html" || ending == "pdf") && file.isAbsolute() && file.isFile();
    return message.kind == MessageKind::information && readable ? file.filePath() : QString();
}

/// Good news need not be closed by hand.
constexpr int informationStays_ms = 20'000;

} // namespace

MessageArea::MessageArea(QWidget* parent) : QScrollArea(parent) {
    setObjectName("messageArea");
    setAccessibleName(tr("Messages"));
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    setFocusPolicy(Qt::NoFocus);
    column_ = new QWidget;
    layout_ = new QVBoxLayout(column_);
    layout_->setContentsMargins(8, 8, 8, 0);
    layout_->setSpacing(6);
    layout_->setAlignment(Qt::AlignTop);
    closeAll_ = new QPushButton(tr("Close all messages"));
    closeAll_->setObjectName("closeAllMessages");
    closeAll_->setFlat(true);
    layout_->addWidget(closeAll_, 0, Qt::AlignRight);
    connect(closeAll_, &QPushButton::clicked, this, &MessageArea::closeAll);
    setWidget(column_);
    column_->installEventFilter(this);
    hide();
}

void MessageArea::show(const Message& message) {
    const auto same = std::find_if(entries_.begin(), entries_.end(),
                                   [&](const Entry& entry) { return entry.message == message; });
    if (same != entries_.end()) {
        close(same->bar);
    }
    auto* bar = new MessageBar(barMessage(message), column_);
    connect(bar, &MessageBar::closed, this, [this, bar] { close(bar); });
    if (const QString report = writtenReport(message); !report.isEmpty()) {
        bar->setAction(tr("Open"));
        connect(bar, &MessageBar::actionTriggered, this,
                [report] { QDesktopServices::openUrl(QUrl::fromLocalFile(report)); });
    }
    layout_->insertWidget(1, bar); // below the button
    entries_.prepend({message, bar});
    if (message.kind == MessageKind::information) {
        QTimer::singleShot(informationStays_ms, bar, [this, bar] { close(bar); });
    }
    window()->installEventFilter(this); // again is the same as once
    refit();
    verticalScrollBar()->setValue(0);
}

QList<Message> MessageArea::messages() const {
    QList<Message> all;
    for (const Entry& entry : entries_) {
        all << entry.message;
    }
    return all;
}

void MessageArea::close(MessageBar* bar) {
    const auto place = std::find_if(entries_.begin(), entries_.end(),
                                    [bar](const Entry& entry) { return entry.bar == bar; });
    if (place == entries_.end()) {
        return;
    }
    entries_.erase(place);
    layout_->removeWidget(bar);
    bar->hide();
    bar->deleteLater();
    refit();
}

void MessageArea::closeAll() {
    while (!entries_.isEmpty()) {
        close(entries_.first().bar);
    }
}

QSize MessageArea::sizeHint() const {
    const int width = viewport()->width();
    const int wanted = layout_->hasHeightForWidth() ? layout_->totalHeightForWidth(width)
                                                    : layout_->totalSizeHint().height();
    const int limit = window() != nullptr ? window()->height() / 3 : wanted;
    return {QScrollArea::sizeHint().width(), std::min(wanted, limit)};
}

void MessageArea::refit() {
    setVisible(!entries_.isEmpty());
    closeAll_->setVisible(entries_.size() > 2);
    setFixedHeight(sizeHint().height());
}

bool MessageArea::eventFilter(QObject* watched, QEvent* event) {
    const bool resized = event->type() == QEvent::Resize;
    if ((watched == column_ && (resized || event->type() == QEvent::LayoutRequest)) ||
        (watched == window() && resized)) {
        refit();
    }
    return QScrollArea::eventFilter(watched, event);
}

} // namespace ember

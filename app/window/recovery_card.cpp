#include "app/window/recovery_card.hpp"

#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

#include "widgets/icon.hpp"
#include "widgets/theme.hpp"

namespace ember {

RecoveryCard::RecoveryCard(QWidget* parent) : QFrame(parent) {
    setObjectName("recoveryCard");
    setRole(this, "card");
    auto* picture = new QLabel;
    picture->setPixmap(icon("state-warning", IconColor::warning).pixmap(20, 20));
    auto* title = new QLabel(tr("Emberview did not end properly"));
    setRole(title, "heading");
    text_ = new QLabel;
    text_->setObjectName("recoveryText");
    text_->setWordWrap(true);
    accept_ = new QPushButton(icon("document-open-recent"), tr("Bring it back"));
    accept_->setObjectName("recoverSession");
    accept_->setToolTip(tr("Opens the files again, with views, colours and selections as they were"));
    discard_ = new QPushButton(tr("Discard"));
    discard_->setObjectName("discardRecovery");
    discard_->setToolTip(tr("Forgets what was open; the files themselves stay"));
    for (QPushButton* button : {accept_, discard_}) {
        button->setAccessibleName(button->text());
    }
    auto* texts = new QVBoxLayout;
    texts->setSpacing(2);
    texts->addWidget(title);
    texts->addWidget(text_);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(14, 12, 14, 12);
    row->setSpacing(12);
    row->addWidget(picture, 0, Qt::AlignTop);
    row->addLayout(texts, 1);
    row->addWidget(accept_, 0, Qt::AlignVCenter);
    row->addWidget(discard_, 0, Qt::AlignVCenter);
    connect(accept_, &QPushButton::clicked, this, &RecoveryCard::accepted);
    connect(discard_, &QPushButton::clicked, this, &RecoveryCard::discarded);
}

void RecoveryCard::offer(const QString& content, const QString& when) {
    text_->setText(tr("%1 can be brought back as they were %2.").arg(content, when));
}

QString momentText(const QDateTime& moment, const QDate& today) {
    const QLocale locale(QLocale::English);
    const QString time = locale.toString(moment.time(), "HH:mm");
    return moment.date() == today
               ? RecoveryCard::tr("today at %1").arg(time)
               : RecoveryCard::tr("on %1 at %2").arg(locale.toString(moment.date(), "d MMMM yyyy"), time);
}

} // namespace ember

#include "widgets/empty_state.hpp"

#include <algorithm>

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "widgets/theme.hpp"

namespace ember {

EmptyState::EmptyState(const QString& iconName, const QString& title, const QString& sentence,
                       const QString& buttonText, QWidget* parent)
    : QWidget(parent), iconName_(iconName) {
    setObjectName(QStringLiteral("emptyState"));
    icon_ = new QLabel(this);
    icon_->setAlignment(Qt::AlignCenter);
    title_ = new QLabel(this);
    title_->setAlignment(Qt::AlignCenter);
    title_->setFont(headingFont(font(), 1.15));
    sentence_ = new QLabel(this);
    sentence_->setAlignment(Qt::AlignCenter);
    sentence_->setWordWrap(true);
    sentence_->setFixedWidth(lengthInEms(this, 26));
    setRole(sentence_, "muted");
    button_ = new QPushButton(this);
    button_->setObjectName(QStringLiteral("emptyStateButton"));
    button_->setAccessibleName(tr("Continue")); // until it has a text
    setPrimary(button_);

    auto* column = new QVBoxLayout(this);
    column->addStretch(2);
    column->addWidget(icon_, 0, Qt::AlignHCenter);
    column->addSpacing(6);
    column->addWidget(title_, 0, Qt::AlignHCenter);
    column->addWidget(sentence_, 0, Qt::AlignHCenter);
    column->addSpacing(10);
    column->addWidget(button_, 0, Qt::AlignHCenter);
    column->addStretch(3);

    connect(button_, &QPushButton::clicked, this, &EmptyState::triggered);
    connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, this, &EmptyState::retint);
    setTexts(title, sentence, buttonText);
    retint();
}

void EmptyState::setTexts(const QString& title, const QString& sentence, const QString& buttonText) {
    title_->setText(title);
    title_->setVisible(!title.isEmpty());
    sentence_->setText(sentence);
    sentence_->setMinimumHeight(std::max(0, sentence_->heightForWidth(sentence_->width())));
    button_->setText(buttonText);
    if (!buttonText.isEmpty()) {
        button_->setAccessibleName(buttonText);
    }
    button_->setVisible(!buttonText.isEmpty());
    setAccessibleName(title.isEmpty() ? sentence : title);
}

void EmptyState::retint() {
    const int side = lengthInEms(this, 2.6);
    icon_->setPixmap(ember::icon(iconName_, IconColor::muted).pixmap(QSize(side, side), devicePixelRatioF()));
}

} // namespace ember

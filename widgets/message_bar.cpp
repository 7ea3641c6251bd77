#include "widgets/message_bar.hpp"

#include <QApplication>
#include <QClipboard>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QStringList>
#include <QToolButton>

#include "widgets/theme.hpp"

namespace ember {

namespace {

struct KindStyle {
    const char* icon;
    IconColor role;
    QColor ink, ground;
};

KindStyle styleOf(BarKind kind) {
    const ThemeColors& c = themeColors();
    switch (kind) {
    case BarKind::success:
        return {"state-success", IconColor::success, c.success, c.successSurface};
    case BarKind::warning:
        return {"state-warning", IconColor::warning, c.warning, c.warningSurface};
    case BarKind::error:
        return {"state-error", IconColor::error, c.error, c.errorSurface};
    case BarKind::information:
        break;
    }
    return {"state-info", IconColor::information, c.information, c.informationSurface};
}

QLabel* textLabel(const char* name, QWidget* parent) {
    auto* label = new QLabel(parent);
    label->setObjectName(QLatin1String(name));
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

QPushButton* flatButton(const char* name, const QString& text, QWidget* parent) {
    auto* button = new QPushButton(text, parent);
    button->setObjectName(QLatin1String(name));
    button->setAccessibleName(text);
    button->setProperty("flat", true);
    return button;
}

} // namespace

MessageBar::MessageBar(QWidget* parent) : MessageBar(BarMessage{}, parent) {}

MessageBar::MessageBar(const BarMessage& message, QWidget* parent) : QFrame(parent) {
    setObjectName(QStringLiteral("messageBar"));
    build();
    setMessage(message);
    connect(&ThemeNotifier::instance(), &ThemeNotifier::changed, this, &MessageBar::retint);
}

void MessageBar::build() {
    setAttribute(Qt::WA_StyledBackground);
    icon_ = new QLabel(this);
    title_ = textLabel("messageTitle", this);
    title_->setFont(headingFont(font(), 1.0));
    text_ = textLabel("messageText", this);
    remedy_ = textLabel("messageRemedy", this);
    details_ = new QPlainTextEdit(this);
    details_->setObjectName(QStringLiteral("messageDetails"));
    details_->setAccessibleName(tr("Details"));
    details_->setReadOnly(true);
    details_->setMaximumHeight(lengthInEms(this, 6));
    details_->hide();

    actionButton_ = new QPushButton(this);
    actionButton_->setObjectName(QStringLiteral("messageActionButton"));
    actionButton_->setAccessibleName(tr("No action"));
    actionButton_->hide();
    detailsButton_ = flatButton("messageDetailsButton", tr("Details"), this);
    detailsButton_->setCheckable(true);
    copyButton_ = flatButton("messageCopyButton", tr("Copy"), this);
    closeButton_ = new QToolButton(this);
    closeButton_->setObjectName(QStringLiteral("messageCloseButton"));
    closeButton_->setIcon(ember::icon(QStringLiteral("close"), IconColor::muted));
    closeButton_->setToolTip(tr("Close this message"));
    closeButton_->setAccessibleName(tr("Close this message"));

    auto* texts = new QVBoxLayout;
    texts->setSpacing(2);
    texts->addWidget(title_);
    texts->addWidget(text_);
    texts->addWidget(remedy_);
    texts->addWidget(details_);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(2);
    for (QWidget* button : {static_cast<QWidget*>(actionButton_), static_cast<QWidget*>(detailsButton_),
                            static_cast<QWidget*>(copyButton_), static_cast<QWidget*>(closeButton_)})
        buttons->addWidget(button, 0, Qt::AlignTop);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 8, 6, 8);
    row->setSpacing(10);
    row->addWidget(icon_, 0, Qt::AlignTop);
    row->addLayout(texts, 1);
    row->addLayout(buttons);

    connect(detailsButton_, &QPushButton::toggled, details_, &QWidget::setVisible);
    connect(copyButton_, &QPushButton::clicked, this, &MessageBar::copy);
    connect(closeButton_, &QToolButton::clicked, this, &MessageBar::closed);
    connect(actionButton_, &QPushButton::clicked, this, &MessageBar::actionTriggered);
}

void MessageBar::setMessage(const BarMessage& message) {
    message_ = message;
    const auto fill = [](QLabel* label, const QString& text) {
        label->setText(text);
        label->setVisible(!text.isEmpty());
    };
    fill(title_, message.title);
    fill(text_, message.text);
    fill(remedy_, message.remedy);
    details_->setPlainText(message.details);
    detailsButton_->setVisible(!message.details.isEmpty());
    if (message.details.isEmpty())
        detailsButton_->setChecked(false);
    copyButton_->setVisible(message.kind == BarKind::error || message.kind == BarKind::warning ||
                            !message.details.isEmpty());
    setAccessibleName(message.title.isEmpty() ? message.text : message.title);
    setAccessibleDescription(plainText());
    retint();
}

void MessageBar::setClosable(bool closable) {
    closeButton_->setVisible(closable);
}

void MessageBar::setAction(const QString& text) {
    actionButton_->setText(text);
    actionButton_->setAccessibleName(text.isEmpty() ? tr("No action") : text);
    actionButton_->setVisible(!text.isEmpty());
}

QString MessageBar::plainText() const {
    QStringList parts;
    for (const QString& part : {message_.title, message_.text, message_.remedy, message_.details}) {
        if (!part.isEmpty())
            parts << part;
    }
    return parts.join(QLatin1Char('\n'));
}

void MessageBar::copy() const {
    QApplication::clipboard()->setText(plainText());
}

void MessageBar::retint() {
    const KindStyle style = styleOf(message_.kind);
    const int side = lengthInEms(this, 1.1);
    icon_->setPixmap(
        ember::icon(QLatin1String(style.icon), style.role).pixmap(QSize(side, side), devicePixelRatioF()));
    QColor line = style.ink;
    line.setAlpha(90);
    setStyleSheet(QStringLiteral("#messageBar { background: %1; border: 1px solid %2; border-radius: 6px; }"
                                 "#messageTitle { color: %3; }")
                      .arg(style.ground.name(), line.name(QColor::HexArgb), style.ink.name()));
}

} // namespace ember

#include "views/genes/checks_button.hpp"

#include <QCheckBox>
#include <QMenu>
#include <QWidgetAction>

#include "widgets/theme.hpp"

namespace ember {

ChecksButton::ChecksButton(const QString& noneText, QWidget* parent)
    : QPushButton(parent), noneText_(noneText), joint_(QString::fromUtf8(" × ")), menu_(new QMenu(this)) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setMenu(menu_);
    connect(menu_, &QMenu::aboutToShow, this, [this] { opened_ = ticked(); });
    connect(menu_, &QMenu::aboutToHide, this, [this] {
        if (ticked() != opened_) {
            emit tickedChanged();
        }
    });
    showTicked();
}

/// Check boxes and not checkable actions, so that the menu stays open while several are ticked.
void ChecksButton::setEntries(const QStringList& entries, const QStringList& ticked) {
    menu_->clear();
    for (const QString& entry : entries) {
        auto* box = new QCheckBox(QString(entry).replace('&', "&&"));
        box->setObjectName(objectName() + "_" + entry);
        box->setAccessibleName(entry);
        box->setChecked(ticked.contains(entry));
        box->setContentsMargins(8, 2, 8, 2);
        box->setStyleSheet(QStringLiteral("QCheckBox { padding: 4px 10px; }"));
        box->setProperty("entry", entry);
        connect(box, &QCheckBox::toggled, this, &ChecksButton::showTicked);
        auto* action = new QWidgetAction(menu_);
        action->setDefaultWidget(box);
        menu_->addAction(action);
    }
    setEnabled(!entries.isEmpty());
    showTicked();
}

QStringList ChecksButton::ticked() const {
    QStringList entries;
    for (QAction* action : menu_->actions()) {
        auto* box = qobject_cast<QCheckBox*>(static_cast<QWidgetAction*>(action)->defaultWidget());
        if (box != nullptr && box->isChecked()) {
            entries << box->property("entry").toString();
        }
    }
    return entries;
}

void ChecksButton::setHint(const QString& hint) {
    hint_ = hint;
    showTicked();
}

QString ChecksButton::tickedText() const {
    const QStringList entries = ticked();
    return entries.isEmpty() ? noneText_ : entries.join(joint_);
}

void ChecksButton::showTicked() {
    constexpr double margins = 2.6; // frame, arrow
    const QString all = tickedText();
    const int room = width() - lengthInEms(this, margins);
    setText(fontMetrics().elidedText(all, Qt::ElideRight, room).replace('&', "&&"));
    setToolTip(hint_.isEmpty() ? all : hint_ + "\n" + all);
    setAccessibleDescription(all);
}

void ChecksButton::resizeEvent(QResizeEvent* event) {
    QPushButton::resizeEvent(event);
    showTicked();
}

QSize ChecksButton::sizeHint() const {
    return {lengthInEms(this, 9), QPushButton::sizeHint().height()};
}

QSize ChecksButton::minimumSizeHint() const {
    return {lengthInEms(this, 6), QPushButton::minimumSizeHint().height()};
}

} // namespace ember

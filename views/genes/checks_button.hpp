#pragma once
// A button whose menu has entries to tick: several columns, several predictions.

#include <QPushButton>
#include <QStringList>

class QMenu;

namespace ember {

class ChecksButton : public QPushButton {
    Q_OBJECT
public:
    explicit ChecksButton(const QString& noneText, QWidget* parent = nullptr);

    /// `joint` stands between what is ticked: " × " or ", ".
    void setJoint(const QString& joint) { joint_ = joint; }
    void setHint(const QString& hint); ///< in the tooltip, with what is ticked below it
    void setEntries(const QStringList& entries, const QStringList& ticked);
    QStringList ticked() const; ///< in the order of the entries
    QString tickedText() const; ///< all of it, where the button may show a part

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void tickedChanged(); ///< by the user, when the menu has closed

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void showTicked();
    QString noneText_, joint_, hint_;
    QMenu* menu_;
    QStringList opened_; ///< what was ticked when the menu opened
};

} // namespace ember

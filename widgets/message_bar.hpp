#pragma once
// A bar that says what happened and what to do, in place of a dialog.

#include <QFrame>
#include <QString>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QToolButton;

namespace ember {

enum class BarKind { information, success, warning, error };

/// Plain value, so that the window can keep and restore bars.
struct BarMessage {
    BarKind kind = BarKind::information;
    QString title;   ///< a word or two, or the error's class
    QString text;    ///< one sentence
    QString remedy;  ///< what to do; may be empty
    QString details; ///< shown on demand; may be empty
    bool operator==(const BarMessage&) const = default;
};

/// Icon, title, text, remedy; Details and Copy when there is something to them; a close button.
/// Object names: "messageBar", inside "messageTitle", "messageText", "messageRemedy", "messageDetails",
/// "messageDetailsButton", "messageCopyButton", "messageCloseButton", "messageActionButton".
class MessageBar : public QFrame {
    Q_OBJECT
public:
    explicit MessageBar(QWidget* parent = nullptr);
    explicit MessageBar(const BarMessage& message, QWidget* parent = nullptr);

    void setMessage(const BarMessage& message);
    const BarMessage& message() const { return message_; }
    void setClosable(bool closable);
    /// A button with this text that emits actionTriggered(); empty text removes it.
    void setAction(const QString& text);

    /// What Copy puts on the clipboard: all parts as plain text.
    QString plainText() const;

public slots:
    void copy() const;

signals:
    void closed(); ///< the user pressed the close button; the owner hides or deletes the bar
    void actionTriggered();

private:
    void build();
    void retint();

    BarMessage message_;
    QLabel *icon_ = nullptr, *title_ = nullptr, *text_ = nullptr, *remedy_ = nullptr;
    QPlainTextEdit* details_ = nullptr;
    QPushButton *detailsButton_ = nullptr, *copyButton_ = nullptr, *actionButton_ = nullptr;
    QToolButton* closeButton_ = nullptr;
};

} // namespace ember

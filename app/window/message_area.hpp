#pragma once
// The message bars above the views, newest on top.

#include <QList>
#include <QScrollArea>

#include "views/workspace.hpp"

class QPushButton;
class QVBoxLayout;

namespace ember {

class MessageBar;

class MessageArea : public QScrollArea {
    Q_OBJECT
public:
    explicit MessageArea(QWidget* parent = nullptr);

    /// The same message again moves to the top instead of standing twice.
    void show(const Message& message);
    QList<Message> messages() const; ///< newest first

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {0, 0}; }

public slots:
    void closeAll();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Entry {
        Message message;
        MessageBar* bar;
    };
    void close(MessageBar* bar);
    void refit();
    QList<Entry> entries_; ///< newest first
    QWidget* column_ = nullptr;
    QPushButton* closeAll_ = nullptr; ///< when there are several
    QVBoxLayout* layout_ = nullptr;
};

} // namespace ember

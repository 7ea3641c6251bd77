#pragma once
// The Inspector dock: the facts of the current document.

#include <QWidget>

#include "views/workspace.hpp"

class QTextBrowser;

namespace ember {

class Inspector : public QWidget {
    Q_OBJECT
public:
    explicit Inspector(Workspace& workspace, QWidget* parent = nullptr);

private:
    void showCurrent();
    Workspace& workspace_;
    QTextBrowser* text_ = nullptr;
};

} // namespace ember

#include "views/embedding/pane_tools.hpp"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QToolButton>

#include "widgets/icon.hpp"

namespace ember {

namespace {

struct ToolInfo {
    PointTool tool;
    const char *name, *icon, *text, *tip;
};

constexpr ToolInfo tools[] = {
    {PointTool::lasso, "toolLasso", "tool-lasso", QT_TRANSLATE_NOOP("ember::PaneTools", "Lasso"),
     QT_TRANSLATE_NOOP("ember::PaneTools",
                       "Draw around cells. Shift adds, Ctrl removes, Shift+Ctrl keeps the overlap.")},
    {PointTool::rectangle, "toolRectangle", "tool-rectangle",
     QT_TRANSLATE_NOOP("ember::PaneTools", "Rectangle"),
     QT_TRANSLATE_NOOP(
         "ember::PaneTools",
         "Draw a rectangle around cells. Shift adds, Ctrl removes, Shift+Ctrl keeps the overlap.")},
    {PointTool::click, "toolClick", "tool-click", QT_TRANSLATE_NOOP("ember::PaneTools", "Click"),
     QT_TRANSLATE_NOOP("ember::PaneTools", "Click on a cell. Shift adds, Ctrl removes.")},
    {PointTool::pan, "toolPan", "tool-pan", QT_TRANSLATE_NOOP("ember::PaneTools", "Move"),
     QT_TRANSLATE_NOOP("ember::PaneTools", "Drag the picture. With other tools, hold the middle button.")},
};

QString named(const QString& prefix, const char* name) {
    QString text = QLatin1String(name);
    if (!prefix.isEmpty()) {
        text[0] = text[0].toUpper();
    }
    return prefix + text;
}

} // namespace

QToolButton* makeToolButton(const QString& name, const QString& iconName, const QString& text,
                            const QString& tip) {
    auto* button = new QToolButton;
    button->setObjectName(name);
    button->setAccessibleName(text);
    button->setToolTip(tip);
    button->setIcon(icon(iconName));
    button->setAutoRaise(true);
    return button;
}

PaneTools::PaneTools(const QString& prefix, QWidget* parent) : QWidget(parent) {
    row_ = new QHBoxLayout(this);
    row_->setContentsMargins(0, 0, 0, 0);
    row_->setSpacing(2);
    buttons_ = new QButtonGroup(this);
    for (const ToolInfo& info : tools) {
        QToolButton* button = makeToolButton(named(prefix, info.name), info.icon, tr(info.text),
                                             QString("%1: %2").arg(tr(info.text), tr(info.tip)));
        button->setCheckable(true);
        button->setChecked(info.tool == tool_);
        buttons_->addButton(button, static_cast<int>(info.tool));
        row_->addWidget(button);
    }
    connect(buttons_, &QButtonGroup::idClicked, this,
            [this](int tool) { emit toolChosen(static_cast<PointTool>(tool)); });
    clear_ = makeToolButton(named(prefix, "clearSelection"), "edit-clear", tr("Clear the selection"),
                            tr("Clear the selection"));
    clear_->setEnabled(false);
    connect(clear_, &QToolButton::clicked, this, &PaneTools::clearWanted);
    QToolButton* reset = makeToolButton(named(prefix, "resetViews"), "zoom-fit-best", tr("Show all cells"),
                                        tr("Show all cells"));
    connect(reset, &QToolButton::clicked, this, &PaneTools::resetWanted);
    row_->addWidget(clear_);
    row_->addWidget(reset);
    row_->addStretch(1);
}

void PaneTools::setTool(PointTool tool) {
    tool_ = tool;
    buttons_->button(static_cast<int>(tool))->setChecked(true);
}

void PaneTools::setClearEnabled(bool enabled) {
    clear_->setEnabled(enabled);
}

} // namespace ember

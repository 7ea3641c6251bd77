#include "app/window/welcome_page.hpp"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "app/window/recent_files.hpp"
#include "app/window/recovery_card.hpp"
#include "widgets/elided_label.hpp"
#include "widgets/icon.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

QPushButton* makeButton(const char* name, const QString& iconName, const QString& text, const QString& tip) {
    auto* button = new QPushButton(icon(iconName), text);
    button->setObjectName(name);
    button->setToolTip(tip);
    return button;
}

QLabel* makeLabel(const QString& text, const char* role) {
    auto* label = new QLabel(text);
    label->setWordWrap(true);
    setRole(label, role);
    return label;
}

QLayout* makeHead() {
    auto* picture = new QLabel;
    picture->setPixmap(icon("app").pixmap(56, 56));
    auto* title = new QLabel(QStringLiteral("Emberview"));
    title->setFont(headingFont(title->font(), 1.9));
    auto* line = makeLabel(
        WelcomePage::tr("Predict how cells respond to a perturbation, and read the result."), "muted");
    auto* texts = new QVBoxLayout;
    texts->setSpacing(2);
    texts->addWidget(title);
    texts->addWidget(line);
    auto* head = new QHBoxLayout;
    head->setSpacing(16);
    head->addWidget(picture, 0, Qt::AlignVCenter);
    head->addLayout(texts, 1);
    return head;
}

QLayout* makeSteps() {
    auto* steps = new QVBoxLayout;
    steps->setSpacing(8);
    const QString texts[] = {
        WelcomePage::tr("<b>1. Open</b> an .h5ad file and a model: a State Transition run directory. "
                        "Drop them anywhere on this window, or start with the demo."),
        WelcomePage::tr("<b>2. Predict.</b> The columns are guessed from the data and the model; "
                        "check them and press Predict."),
        WelcomePage::tr("<b>3. Read</b> the statistics by condition, time point and cell type, and export "
                        "them as CSV.")};
    for (const QString& text : texts) {
        auto* label = new QLabel(text);
        label->setWordWrap(true);
        steps->addWidget(label);
    }
    return steps;
}

} // namespace

WelcomePage::WelcomePage(RecentFiles& recent, QWidget* parent) : QScrollArea(parent), recent_(recent) {
    setObjectName("welcomePage");
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);

    auto* open = makeButton("welcomeOpen", "document-open", tr("Open a file…"),
                            tr("An .h5ad or 10x .h5 file, a checkpoint or a session"));
    setPrimary(open);
    open->setIcon(icon("document-open", IconColor::accentText));
    auto* folder = makeButton("welcomeOpenFolder", "document-open-folder", tr("Open a model folder…"),
                              tr("An ST run directory"));
    auto* demo = makeButton("welcomeDemo", "tools-wizard", tr("Open the demo"),
                            tr("Real blood cells, simulated wound cells and three trained models"));
    session_ = makeButton("welcomeSession", "document-open-recent", {}, {});
    connect(open, &QPushButton::clicked, this, &WelcomePage::openRequested);
    connect(folder, &QPushButton::clicked, this, &WelcomePage::openFolderRequested);
    connect(demo, &QPushButton::clicked, this, &WelcomePage::demoRequested);
    connect(session_, &QPushButton::clicked, this, &WelcomePage::sessionRequested);
    recovery_ = new RecoveryCard;
    connect(recovery_, &RecoveryCard::accepted, this, &WelcomePage::recoveryRequested);
    connect(recovery_, &RecoveryCard::discarded, this, &WelcomePage::recoveryDiscarded);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(10);
    for (QPushButton* button : {open, folder, demo}) {
        buttons->addWidget(button);
    }
    buttons->addStretch();

    recentLayout_ = new QVBoxLayout;
    recentLayout_->setSpacing(0);

    auto* page = new QWidget;
    auto* column = new QVBoxLayout;
    column->setSpacing(22);
    column->addStretch(2);
    column->addLayout(makeHead());
    column->addWidget(recovery_);
    column->addLayout(buttons);
    column->addWidget(session_, 0, Qt::AlignLeft);
    column->addLayout(makeSteps());
    column->addLayout(recentLayout_);
    column->addStretch(3);
    auto* sides = new QHBoxLayout(page);
    sides->addStretch(1);
    sides->addLayout(column, 6);
    sides->addStretch(1);
    setWidget(page);
    column->setContentsMargins(24, 24, 24, 24);

    offerSession({});
    offerRecovery({}, {});
    listRecent();
    connect(&recent_, &RecentFiles::changed, this, &WelcomePage::listRecent);
}

void WelcomePage::offerSession(const QString& content) {
    session_->setVisible(!content.isEmpty());
    session_->setText(tr("Continue where you left: %1").arg(content));
    session_->setToolTip(tr("Opens the files and panels of the last session again"));
}

void WelcomePage::offerRecovery(const QString& content, const QString& when) {
    recovery_->setVisible(!content.isEmpty());
    recovery_->offer(content, when);
}

void WelcomePage::listRecent() {
    while (QLayoutItem* item = recentLayout_->takeAt(0)) {
        if (QWidget* widget = item->widget()) {
            widget->deleteLater();
        }
        delete item;
    }
    const QStringList paths = recent_.paths().mid(0, 6);
    if (paths.isEmpty()) {
        return;
    }
    recentLayout_->addWidget(makeLabel(tr("Recent"), "heading"));
    for (const QString& path : paths) {
        auto* row = new QWidget;
        auto* button = makeButton("recentFile", QFileInfo(path).isDir() ? "model" : "cells",
                                  QFileInfo(path).fileName(), path);
        button->setFlat(true);
        auto* where = new ElidedLabel(shortPath(QFileInfo(path).absolutePath()));
        where->setElideMode(Qt::ElideMiddle);
        where->setEnabled(false);
        auto* layout = new QHBoxLayout(row);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->addWidget(button);
        layout->addWidget(where, 1);
        connect(button, &QPushButton::clicked, this, [this, path] { emit fileChosen(path); });
        recentLayout_->addWidget(row);
    }
}

} // namespace ember

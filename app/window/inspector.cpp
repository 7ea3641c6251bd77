#include "app/window/inspector.hpp"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QShortcut>
#include <QTreeWidget>
#include <QVBoxLayout>

#include "app/window/facts.hpp"

namespace ember {

namespace {

QList<Fact> factsOf(const Workspace& workspace, DocumentRef document) {
    switch (document.kind) {
    case DocumentKind::dataset:
        if (const auto* dataset = workspace.dataset(document.id)) {
            return factsOf(*dataset);
        }
        break;
    case DocumentKind::model:
        if (const auto* model = workspace.model(document.id)) {
            return factsOf(*model);
        }
        break;
    case DocumentKind::prediction:
        if (const auto* prediction = workspace.prediction(document.id)) {
            return factsOf(*prediction);
        }
        break;
    case DocumentKind::none:
        break;
    }
    return {};
}

} // namespace

Inspector::Inspector(Workspace& workspace, QWidget* parent) : QWidget(parent), workspace_(workspace) {
    tree_ = new QTreeWidget;
    tree_->setObjectName("inspectorTree");
    tree_->setAccessibleName(tr("Facts about the current document"));
    tree_->setColumnCount(2);
    tree_->setHeaderHidden(true);
    tree_->setRootIsDecorated(false);
    tree_->setIndentation(0);
    tree_->setFrameShape(QFrame::NoFrame);
    tree_->setWordWrap(true);
    tree_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    tree_->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    tree_->header()->setSectionResizeMode(1, QHeaderView::Stretch);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(tree_);

    auto* copying = new QShortcut(QKeySequence::Copy, tree_, nullptr, nullptr, Qt::WidgetShortcut);
    connect(copying, &QShortcut::activated, this, &Inspector::copySelected);
    connect(&workspace_, &Workspace::currentChanged, this, &Inspector::show);
    show(workspace_.current());
}

void Inspector::show(DocumentRef document) {
    tree_->clear();
    QFont bold = tree_->font();
    bold.setWeight(QFont::DemiBold);
    const QList<Fact> facts = factsOf(workspace_, document);
    for (const Fact& fact : facts) {
        auto* item = new QTreeWidgetItem(tree_, {fact.label, fact.value});
        item->setTextAlignment(0, Qt::AlignLeft | Qt::AlignTop);
        item->setToolTip(1, fact.value);
        if (fact.value.isEmpty()) {
            item->setFont(0, bold);
            item->setFirstColumnSpanned(true);
        } else {
            item->setForeground(0, tree_->palette().placeholderText());
        }
    }
    if (facts.isEmpty()) {
        auto* item = new QTreeWidgetItem(tree_, {tr("Nothing is selected.")});
        item->setFirstColumnSpanned(true);
        item->setForeground(0, tree_->palette().placeholderText());
    }
}

void Inspector::copySelected() {
    QStringList lines;
    for (const QTreeWidgetItem* item : tree_->selectedItems()) {
        lines << item->text(0) + '\t' + item->text(1);
    }
    QGuiApplication::clipboard()->setText(lines.join('\n'));
}

} // namespace ember

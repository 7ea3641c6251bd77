#include "app/window/document_tree.hpp"

#include <QClipboard>
#include <QDesktopServices>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMenu>
#include <QShortcut>
#include <QStandardItemModel>
#include <QTreeView>
#include <QUrl>
#include <QVBoxLayout>

#include "app/window/selection_rows.hpp"
#include "widgets/formatting.hpp"
#include "widgets/icon.hpp"

namespace ember {

namespace {

constexpr int refRole = Qt::UserRole + 1;
constexpr int pathRole = Qt::UserRole + 2;

QString iconOf(DocumentKind kind) {
    switch (kind) {
    case DocumentKind::model:
        return "model";
    case DocumentKind::prediction:
        return "tools-wizard";
    default:
        return "cells";
    }
}

QString sizeText(const DatasetDocument& data) {
    return DocumentTree::tr("%1 cells × genes").arg(formatShape(data.data->n_obs(), data.data->n_vars()));
}

} // namespace

DocumentTree::DocumentTree(Workspace& workspace, QWidget* parent) : QWidget(parent), workspace_(workspace) {
    model_ = new QStandardItemModel(this);
    tree_ = new QTreeView(this);
    tree_->setObjectName("documentTree");
    tree_->setAccessibleName(tr("Open documents"));
    tree_->setHeaderHidden(true);
    tree_->setModel(model_);
    tree_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    tree_->setContextMenuPolicy(Qt::CustomContextMenu);
    tree_->setFrameShape(QFrame::NoFrame);
    tree_->setStyleSheet("QTreeView { border: none; border-radius: 0; }");
    tree_->setTextElideMode(Qt::ElideMiddle);
    datasets_ = addGroup(tr("Data sets"));
    models_ = addGroup(tr("Models"));
    predictions_ = addGroup(tr("Predictions"));
    selections_ = new SelectionRows(workspace_, addGroup(tr("Selections")), tree_);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(tree_);

    connect(tree_->selectionModel(), &QItemSelectionModel::currentChanged, this,
            [this](const QModelIndex& index) {
                if (const DocumentRef document = refAt(index)) {
                    workspace_.setCurrent(document);
                }
            });
    connect(tree_, &QTreeView::activated, this, [this](const QModelIndex& index) {
        if (const DocumentRef document = refAt(index)) {
            emit activated(document);
        } else if (selections_->owns(index)) {
            selections_->use(index);
        }
    });
    connect(tree_, &QTreeView::clicked, this, [this](const QModelIndex& index) {
        if (selections_->owns(index)) {
            selections_->use(index);
        }
    });
    connect(tree_, &QTreeView::customContextMenuRequested, this, &DocumentTree::showMenu);
    connect(&workspace_, &Workspace::documentAdded, this, &DocumentTree::add);
    connect(&workspace_, &Workspace::documentClosing, this, &DocumentTree::remove);
    connect(&workspace_, &Workspace::currentChanged, this, &DocumentTree::select);

    auto* closing = new QShortcut(QKeySequence::Delete, tree_, nullptr, nullptr, Qt::WidgetShortcut);
    connect(closing, &QShortcut::activated, this, [this] {
        if (const DocumentRef document = refAt(tree_->currentIndex())) {
            workspace_.close(document);
        } else if (selections_->owns(tree_->currentIndex())) {
            selections_->remove(tree_->currentIndex());
        }
    });
    auto* renaming = new QShortcut(Qt::Key_F2, tree_, nullptr, nullptr, Qt::WidgetShortcut);
    connect(renaming, &QShortcut::activated, this, [this] {
        if (selections_->owns(tree_->currentIndex())) {
            tree_->edit(tree_->currentIndex());
        }
    });
}

void DocumentTree::nameSelection(const QString& name) {
    selections_->editName(name);
}

QStandardItem* DocumentTree::addGroup(const QString& title) {
    auto* group = new QStandardItem(title);
    group->setSelectable(false);
    QFont font = tree_->font();
    font.setWeight(QFont::DemiBold);
    group->setFont(font);
    model_->appendRow(group);
    tree_->expand(group->index());
    return group;
}

QStandardItem* DocumentTree::groupOf(DocumentKind kind) const {
    return kind == DocumentKind::model        ? models_
           : kind == DocumentKind::prediction ? predictions_
                                              : datasets_;
}

QStandardItem* DocumentTree::itemOf(DocumentRef document) const {
    const QStandardItem* group = groupOf(document.kind);
    for (int row = 0; row < group->rowCount(); ++row) {
        if (refAt(group->child(row)->index()) == document) {
            return group->child(row);
        }
    }
    return nullptr;
}

DocumentRef DocumentTree::refAt(const QModelIndex& index) const {
    return index.data(refRole).value<DocumentRef>();
}

void DocumentTree::add(DocumentRef document) {
    auto* item = new QStandardItem;
    item->setIcon(icon(iconOf(document.kind), IconColor::muted));
    item->setData(QVariant::fromValue(document), refRole);
    QString path, tip;
    if (const ModelDocument* model = workspace_.model(document.id);
        model != nullptr && document.kind == DocumentKind::model) {
        item->setText(model->name);
        path = model->path;
    } else if (const DatasetDocument* data = workspace_.dataOf(document)) {
        item->setText(data->name);
        path = data->path;
        tip = '\n' + sizeText(*data);
    }
    item->setData(path, pathRole);
    item->setToolTip(path + tip);
    QStandardItem* group = groupOf(document.kind);
    group->appendRow(item);
    group->sortChildren(0);
    tree_->expand(group->index());
    if (workspace_.current() == document) {
        select(document);
    }
}

void DocumentTree::remove(DocumentRef document) {
    if (QStandardItem* item = itemOf(document)) {
        item->setData({}, refRole); // the selection moves on while the row goes; it must not come back here
        item->parent()->removeRow(item->row());
    }
}

void DocumentTree::select(DocumentRef document) {
    if (QStandardItem* item = document ? itemOf(document) : nullptr) {
        tree_->setCurrentIndex(item->index());
    } else {
        tree_->setCurrentIndex({});
    }
}

void DocumentTree::showMenu(const QPoint& place) {
    const QModelIndex index = tree_->indexAt(place);
    if (selections_->owns(index)) {
        selections_->showMenu(index, tree_->viewport()->mapToGlobal(place));
        return;
    }
    const DocumentRef document = refAt(index);
    if (!document) {
        return;
    }
    const QString path = index.data(pathRole).toString();
    QMenu menu;
    menu.addAction(icon("go-next"), tr("Show"), this, [this, document] { emit activated(document); });
    if (document.kind != DocumentKind::prediction) {
        menu.addAction(icon("tools-wizard"), tr("Predict…"), this, [this, document] {
            const bool model = document.kind == DocumentKind::model;
            workspace_.askToPredict(model ? DocumentRef{} : document, model ? document : DocumentRef{});
        });
    }
    menu.addSeparator();
    menu.addAction(icon("edit-copy"), tr("Copy path"), this,
                   [path] { QGuiApplication::clipboard()->setText(path); });
    menu.addAction(icon("folder"), tr("Open its folder"), this, [path] {
        QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(path).absolutePath()));
    });
    menu.addSeparator();
    menu.addAction(icon("close"), tr("Close"), this, [this, document] { workspace_.close(document); });
    menu.exec(tree_->viewport()->mapToGlobal(place));
}

} // namespace ember

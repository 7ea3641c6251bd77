#include "app/window/view_tabs.hpp"

#include <algorithm>

#include <QScopedValueRollback>
#include <QTabBar>
#include <QVBoxLayout>

#include "views/undo.hpp"
#include "widgets/icon.hpp"

namespace ember {

ViewTabs::ViewTabs(Workspace& workspace, QWidget* parent) : QTabWidget(parent), workspace_(workspace) {
    setObjectName("viewTabs");
    setAccessibleName(tr("Views"));
    setDocumentMode(true);
    tabBar()->setObjectName("viewTabBar");
    tabBar()->setAccessibleName(tr("Views"));
    for (const ViewInfo& info : ViewRegistry::views()) {
        auto* page = new QWidget;
        auto* layout = new QVBoxLayout(page);
        layout->setContentsMargins(0, 0, 0, 0);
        infos_.push_back(&info);
        const int index = addTab(page, icon(info.icon, IconColor::muted), info.translatedTitle());
        setTabToolTip(index, QString("Ctrl+%1").arg(index + 1));
    }
    const auto first = std::find_if(infos_.begin(), infos_.end(),
                                    [](const ViewInfo* info) { return !info->accepts.empty(); });
    setCurrentIndex(first == infos_.end() ? 0 : static_cast<int>(first - infos_.begin()));
    connect(this, &QTabWidget::currentChanged, this, &ViewTabs::enter);
    connect(&workspace_, &Workspace::currentChanged, this, &ViewTabs::follow);
    connect(&workspace_, &Workspace::viewSettingsWanted, this, &ViewTabs::restoreView);
    connect(&workspace_, &Workspace::documentClosing, this, [this](DocumentRef document) {
        for (int index = 0; index < count(); ++index) {
            if (View* view = viewAt(index); view != nullptr && view->document() == document) {
                view->showDocument({});
            }
        }
        const QString path = pathOf(document);
        rememberedPaths_.removeIf([&](const auto& entry) { return entry.value() == path; });
    });
}

int ViewTabs::indexOf(const QString& name) const {
    const auto found =
        std::find_if(infos_.begin(), infos_.end(), [&](const ViewInfo* info) { return info->name == name; });
    return found == infos_.end() ? -1 : static_cast<int>(found - infos_.begin());
}

View* ViewTabs::viewAt(int index) const {
    const QWidget* page = widget(index);
    return page == nullptr ? nullptr : page->findChild<View*>({}, Qt::FindDirectChildrenOnly);
}

View* ViewTabs::make(int index) {
    if (View* made = viewAt(index)) {
        return made;
    }
    const ViewInfo& info = *infos_[static_cast<std::size_t>(index)];
    View* view = info.make(workspace_, widget(index));
    widget(index)->layout()->addWidget(view);
    connect(view, &View::exportableChanged, this, &ViewTabs::exportableChanged);
    connect(view, &View::settingsEdited, this,
            [this, view, name = info.name](const QString& text, const QJsonObject& before) {
                recordViewChange(workspace_, name, text, before, view->settings());
            });
    if (const auto kept = restored_.constFind(info.name); kept != restored_.constEnd()) {
        view->restore(*kept);
    }
    return view;
}

View* ViewTabs::showView(const QString& name, DocumentRef document) {
    const int index = indexOf(name);
    if (index < 0) {
        return nullptr;
    }
    View* view = make(index);
    if (document && infos_[static_cast<std::size_t>(index)]->acceptsKind(document.kind)) {
        if (view->document() != document) {
            view->showDocument(document);
        }
        workspace_.setCurrent(document);
    }
    const QScopedValueRollback guard(following_, true);
    setCurrentIndex(index);
    emit exportableChanged();
    return view;
}

void ViewTabs::showPreferred(DocumentRef document) {
    const auto preferred = std::find_if(infos_.begin(), infos_.end(), [&](const ViewInfo* info) {
        return !info->accepts.empty() && info->accepts.front() == document.kind;
    });
    if (preferred != infos_.end()) {
        showView((*preferred)->name, document);
    }
}

void ViewTabs::prepare() {
    if (currentIndex() >= 0) {
        make(currentIndex());
    }
}

View* ViewTabs::currentView() const {
    return viewAt(currentIndex());
}

QString ViewTabs::currentName() const {
    return currentIndex() < 0 ? QString() : infos_[static_cast<std::size_t>(currentIndex())]->name;
}

void ViewTabs::bringToFront(const QString& name) {
    if (const int index = indexOf(name); index >= 0) {
        setCurrentIndex(index);
    }
}

void ViewTabs::follow(DocumentRef current) {
    if (!current || currentIndex() < 0 || following_) {
        return;
    }
    const ViewInfo& info = *infos_[static_cast<std::size_t>(currentIndex())];
    if (info.acceptsKind(current.kind)) {
        showView(info.name, current);
    } else if (!info.accepts.empty()) { // a form without a document of its own stays in front
        showPreferred(current);
    }
}

QString ViewTabs::pathOf(DocumentRef document) const {
    if (const DatasetDocument* data = workspace_.dataOf(document)) {
        return data->path;
    }
    const ModelDocument* model =
        document.kind == DocumentKind::model ? workspace_.model(document.id) : nullptr;
    return model == nullptr ? QString() : model->path;
}

DocumentRef ViewTabs::rememberedDocument(const ViewInfo& info) const {
    const QString path = rememberedPaths_.value(info.name);
    std::vector<DocumentRef> open;
    for (const DatasetDocument* data : workspace_.datasets()) {
        open.push_back({DocumentKind::dataset, data->id});
    }
    for (const ModelDocument* model : workspace_.models()) {
        open.push_back({DocumentKind::model, model->id});
    }
    for (const PredictionDocument* prediction : workspace_.predictions()) {
        open.push_back({DocumentKind::prediction, prediction->id});
    }
    const auto found = std::find_if(open.begin(), open.end(), [&](DocumentRef document) {
        return !path.isEmpty() && info.acceptsKind(document.kind) && pathOf(document) == path;
    });
    return found == open.end() ? DocumentRef{} : *found;
}

DocumentRef ViewTabs::lastAccepted(const ViewInfo& info) const {
    for (const DocumentKind kind : info.accepts) {
        if (kind == DocumentKind::dataset && !workspace_.datasets().empty()) {
            return {kind, workspace_.datasets().back()->id};
        }
        if (kind == DocumentKind::model && !workspace_.models().empty()) {
            return {kind, workspace_.models().back()->id};
        }
        if (kind == DocumentKind::prediction && !workspace_.predictions().empty()) {
            return {kind, workspace_.predictions().back()->id};
        }
    }
    return {};
}

void ViewTabs::showEvent(QShowEvent* event) {
    QTabWidget::showEvent(event);
    if (currentIndex() >= 0) {
        make(currentIndex());
    }
}

void ViewTabs::enter(int index) {
    if (index < 0 || following_) {
        return;
    }
    const ViewInfo& info = *infos_[static_cast<std::size_t>(index)];
    const QScopedValueRollback guard(following_, true);
    View* view = make(index);
    if (!view->document()) {
        const DocumentRef current = workspace_.current();
        const bool suits = !info.accepts.empty() && info.accepts.front() == current.kind;
        const DocumentRef remembered = rememberedDocument(info);
        if (const DocumentRef document = remembered ? remembered : suits ? current : lastAccepted(info)) {
            view->showDocument(document);
        }
    }
    if (view->document()) {
        workspace_.setCurrent(view->document());
    }
    emit exportableChanged();
}

QMap<QString, QJsonObject> ViewTabs::settings() const {
    QMap<QString, QJsonObject> all = restored_;
    for (int index = 0; index < count(); ++index) {
        if (const View* view = viewAt(index)) {
            all[infos_[static_cast<std::size_t>(index)]->name] = view->settings();
        }
    }
    all.removeIf([](const auto& entry) { return entry.value().isEmpty(); });
    return all;
}

void ViewTabs::restoreView(const QString& name, const QJsonObject& settings) {
    restored_[name] = settings;
    const int index = indexOf(name);
    if (View* view = index < 0 ? nullptr : viewAt(index)) {
        view->restore(settings);
    }
}

QMap<QString, QString> ViewTabs::shown() const {
    QMap<QString, QString> paths = rememberedPaths_;
    for (int index = 0; index < count(); ++index) {
        if (const View* view = viewAt(index); view != nullptr && view->document()) {
            paths[infos_[static_cast<std::size_t>(index)]->name] = pathOf(view->document());
        }
    }
    paths.removeIf([](const auto& entry) { return entry.value().isEmpty(); });
    return paths;
}

void ViewTabs::restore(const QMap<QString, QJsonObject>& settings, const QMap<QString, QString>& shown) {
    restored_ = settings;
    rememberedPaths_ = shown;
    for (int index = 0; index < count(); ++index) {
        if (View* view = viewAt(index)) {
            view->restore(settings.value(infos_[static_cast<std::size_t>(index)]->name));
        }
    }
}

} // namespace ember

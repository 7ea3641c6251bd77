#include "views/selections.hpp"

#include <algorithm>

#include <QCoreApplication>
#include <QUndoStack>

#include "views/selection_delta.hpp"
#include "views/workspace.hpp"
#include "widgets/formatting.hpp"

namespace ember {

class Selections::ChangeCommand : public QUndoCommand {
public:
    ChangeCommand(Selections& selections, QString cells, SelectionDelta delta, const QString& text)
        : QUndoCommand(text), selections_(selections), cells_(std::move(cells)), delta_(std::move(delta)) {}
    void redo() override {
        const auto found = selections_.kept_.find(cells_);
        if (found != selections_.kept_.end()) {
            delta_.toggle(found->second.selection);
            selections_.announce(cells_);
        }
    }
    void undo() override { redo(); }

private:
    Selections& selections_;
    QString cells_;
    SelectionDelta delta_;
};

/// Lists of selections share their members, so that a command holds little more than two pointers.
class Selections::NamedCommand : public QUndoCommand {
public:
    NamedCommand(Selections& selections, QList<SavedSelection> after, const QString& text)
        : QUndoCommand(text), selections_(selections), other_(std::move(after)) {}
    void redo() override {
        std::swap(selections_.named_, other_);
        emit selections_.namedChanged();
    }
    void undo() override { redo(); }

private:
    Selections& selections_;
    QList<SavedSelection> other_;
};

Selections::Selections(Workspace& workspace, QUndoStack& history)
    : workspace_(workspace), history_(history) {}

Selections::~Selections() = default;

QString Selections::cellsOf(DocumentRef document) const {
    const DatasetDocument* data = workspace_.dataOf(document);
    if (data == nullptr) {
        return {};
    }
    return data->cells.isEmpty() ? QString("document %1").arg(document.id) : data->cells;
}

Selections::Kept& Selections::kept(const QString& cells, const DatasetDocument& data) const {
    Kept& kept = kept_[cells];
    const auto count = static_cast<std::size_t>(data.data->n_obs());
    if (kept.selection.size() != count) {
        kept.selection = CellSelection(count);
    }
    if (kept.file.isEmpty()) {
        kept.file = data.path;
    }
    return kept;
}

const CellSelection& Selections::of(DocumentRef document) const {
    static const CellSelection none;
    const DatasetDocument* data = workspace_.dataOf(document);
    return data == nullptr ? none : kept(cellsOf(document), *data).selection;
}

bool Selections::sameCells(DocumentRef a, DocumentRef b) const {
    const QString cells = cellsOf(a);
    return !cells.isEmpty() && cells == cellsOf(b);
}

void Selections::change(DocumentRef document, const CellSelection& region, SelectionMode mode,
                        const QString& undoText) {
    const CellSelection& before = of(document);
    if (before.size() == 0 || before.size() != region.size()) {
        return;
    }
    CellSelection after = before;
    after.combine(region, mode);
    SelectionDelta delta(before, after);
    if (delta.isEmpty()) {
        return;
    }
    const QString text = undoText.isEmpty()
                             ? selectionText(mode, (mode == SelectionMode::replace ? after : region).count())
                             : undoText;
    history_.push(new ChangeCommand(*this, cellsOf(document), std::move(delta), text));
}

void Selections::selectAll(DocumentRef document) {
    CellSelection all(of(document).size());
    all.select_all();
    change(document, all, SelectionMode::replace, tr("Select all cells"));
}

void Selections::clear(DocumentRef document) {
    change(document, CellSelection(of(document).size()), SelectionMode::replace, tr("Clear the selection"));
}

void Selections::invert(DocumentRef document) {
    CellSelection others = of(document);
    others.invert();
    change(document, others, SelectionMode::replace, tr("Invert the selection"));
}

void Selections::announce(const QString& cells) {
    std::vector<DocumentRef> documents;
    for (const DatasetDocument* data : workspace_.datasets()) {
        documents.push_back({DocumentKind::dataset, data->id});
    }
    for (const PredictionDocument* prediction : workspace_.predictions()) {
        documents.push_back({DocumentKind::prediction, prediction->id});
    }
    for (const DocumentRef document : documents) {
        if (cellsOf(document) == cells) {
            emit changed(document);
        }
    }
}

QList<SavedSelection>::const_iterator Selections::findNamed(const QString& name) const {
    return std::find_if(named_.cbegin(), named_.cend(),
                        [&](const SavedSelection& saved) { return saved.name == name; });
}

QString Selections::uniqueName(const QString& wish) const {
    QString name = wish.simplified().isEmpty() ? proposedName() : wish.simplified();
    const QString stem = name;
    for (int number = 2; findNamed(name) != named_.cend(); ++number) {
        name = QString("%1 (%2)").arg(stem).arg(number);
    }
    return name;
}

QString Selections::proposedName() const {
    for (int number = 1;; ++number) {
        const QString name = tr("Selection %1").arg(number);
        if (findNamed(name) == named_.cend()) {
            return name;
        }
    }
}

void Selections::setNamed(QList<SavedSelection> named, const QString& undoText) {
    history_.push(new NamedCommand(*this, std::move(named), undoText));
}

QString Selections::save(DocumentRef document, const QString& name) {
    const CellSelection& selection = of(document);
    if (selection.size() == 0) {
        return {};
    }
    const DatasetDocument& data = *workspace_.dataOf(document);
    const QString used = uniqueName(name);
    QList<SavedSelection> more = named_;
    more.append({used, cellsOf(document), data.path, selection});
    setNamed(std::move(more), tr("Save “%1”").arg(used));
    return used;
}

void Selections::rename(const QString& name, const QString& newName) {
    const auto found = findNamed(name);
    if (found == named_.cend() || newName.simplified().isEmpty() || newName.simplified() == name) {
        return;
    }
    QList<SavedSelection> renamed = named_;
    renamed[found - named_.cbegin()].name = uniqueName(newName);
    setNamed(std::move(renamed), tr("Rename “%1”").arg(name));
}

void Selections::remove(const QString& name) {
    const auto found = findNamed(name);
    if (found == named_.cend()) {
        return;
    }
    QList<SavedSelection> fewer = named_;
    fewer.removeAt(found - named_.cbegin());
    setNamed(std::move(fewer), tr("Delete “%1”").arg(name));
}

bool Selections::use(const QString& name) {
    const auto found = findNamed(name);
    const DocumentRef document = found == named_.cend() ? DocumentRef{} : documentWith(found->cells);
    if (document) {
        change(document, CellSelection(found->selection), SelectionMode::replace,
               tr("Select “%1”").arg(name));
    }
    return static_cast<bool>(document);
}

DocumentRef Selections::documentWith(const QString& cells) const {
    if (const DocumentRef current = workspace_.current(); !cells.isEmpty() && cellsOf(current) == cells) {
        return current;
    }
    for (const DatasetDocument* data : workspace_.datasets()) {
        if (const DocumentRef document{DocumentKind::dataset, data->id}; cellsOf(document) == cells) {
            return document;
        }
    }
    for (const PredictionDocument* made : workspace_.predictions()) {
        if (const DocumentRef document{DocumentKind::prediction, made->id}; cellsOf(document) == cells) {
            return document;
        }
    }
    return {};
}

SelectionState Selections::state() const {
    SelectionState state;
    for (const auto& [cells, kept] : kept_) {
        if (kept.selection.any()) {
            state.current.append({{}, cells, kept.file, kept.selection});
        }
    }
    state.named = named_;
    return state;
}

void Selections::setState(const SelectionState& state) {
    for (auto& [cells, kept] : kept_) { // views may hold on to these
        kept.selection.clear();
    }
    for (const SavedSelection& saved : state.current) {
        kept_[saved.cells] = {saved.selection, saved.file};
    }
    named_ = state.named;
    for (const auto& [cells, kept] : kept_) {
        announce(cells);
    }
    emit namedChanged();
}

int Selections::forget(const QString& cells) {
    int forgotten = 0;
    if (const auto found = kept_.find(cells); found != kept_.end() && found->second.selection.any()) {
        found->second.selection.clear();
        ++forgotten;
        announce(cells);
    }
    forgotten +=
        static_cast<int>(named_.removeIf([&](const SavedSelection& saved) { return saved.cells == cells; }));
    if (forgotten > 0) {
        emit namedChanged();
    }
    return forgotten;
}

QString selectionText(SelectionMode mode, std::size_t cells) {
    const QString count =
        formatCount(static_cast<std::int64_t>(cells), Selections::tr("cell"), Selections::tr("cells"));
    switch (mode) {
    case SelectionMode::add:
        return Selections::tr("Add %1 to the selection").arg(count);
    case SelectionMode::remove:
        return Selections::tr("Remove %1 from the selection").arg(count);
    case SelectionMode::intersect:
        return Selections::tr("Keep only these %1").arg(count);
    case SelectionMode::replace:
        break;
    }
    return cells == 0 ? Selections::tr("Clear the selection") : Selections::tr("Select %1").arg(count);
}

} // namespace ember

#pragma once
// Which cells are selected. Documents with the same cells (a data set, its predictions) share one selection,
// so that all views of all of them show the same. Every change goes through the workspace's history.

#include <map>
#include <memory>
#include <vector>

#include <QList>
#include <QObject>
#include <QString>

#include "core/base/cell_selection.hpp"
#include "views/document.hpp"

class QUndoStack;

namespace ember {

class Workspace;

/// A set of cells with what it takes to find its cells again.
struct SavedSelection {
    QString name;  ///< empty: not a named one
    QString cells; ///< fingerprint of the cells, see DatasetDocument::cells
    QString file;  ///< a file that holds these cells
    CellSelection selection;
    bool operator==(const SavedSelection&) const = default;
};

/// All that the session keeps.
struct SelectionState {
    QList<SavedSelection> current; ///< those with any cell, by fingerprint
    QList<SavedSelection> named;   ///< in the order they were saved
    bool operator==(const SelectionState&) const = default;
};

class Selections : public QObject {
    Q_OBJECT
public:
    Selections(Workspace& workspace, QUndoStack& history);
    ~Selections() override;

    /// The selection of a data set or prediction, all cells out when nothing was selected yet. The reference
    /// stays valid for the life of the workspace. Of size 0 for models and documents that are not open.
    const CellSelection& of(DocumentRef document) const;
    bool sameCells(DocumentRef a, DocumentRef b) const;

    /// Meets the document's selection with `region`, undoably. An empty `undoText` becomes "Select 1,204
    /// cells". Nothing happens, and nothing is recorded, when the selection stays the same.
    void change(DocumentRef document, const CellSelection& region, SelectionMode mode,
                const QString& undoText = {});
    void selectAll(DocumentRef document);
    void clear(DocumentRef document);
    void invert(DocumentRef document);

    /// Named selections; each change is undoable.
    const QList<SavedSelection>& named() const { return named_; }
    /// Keeps the document's selection under this name, made unique; the name used.
    QString save(DocumentRef document, const QString& name);
    void rename(const QString& name, const QString& newName);
    void remove(const QString& name);
    /// Makes a named selection that of all open documents with its cells; false when there are none.
    bool use(const QString& name);
    /// An open document with these cells, the current one if it has them; {} when there is none.
    DocumentRef documentWith(const QString& cells) const;
    /// "Selection 1", or the next that is free.
    QString proposedName() const;

    SelectionState state() const;
    /// Replaces everything; not undoable, so that the history must be cleared with it.
    void setState(const SelectionState& state);
    /// Forgets what was selected among these cells, named selections too: how many sets of cells that were.
    int forget(const QString& cells);

signals:
    /// Once for each open document that has the cells whose selection changed.
    void changed(ember::DocumentRef document);
    void namedChanged();

private:
    class ChangeCommand;
    class NamedCommand;
    struct Kept {
        CellSelection selection;
        QString file;
    };
    QString cellsOf(DocumentRef document) const;
    Kept& kept(const QString& cells, const DatasetDocument& data) const;
    QList<SavedSelection>::const_iterator findNamed(const QString& name) const;
    QString uniqueName(const QString& wish) const;
    void setNamed(QList<SavedSelection> named, const QString& undoText);
    void announce(const QString& cells);

    Workspace& workspace_;
    QUndoStack& history_;
    mutable std::map<QString, Kept> kept_; ///< by fingerprint; those of closed documents stay
    QList<SavedSelection> named_;
};

/// "Select 1,204 cells", "Add 12 cells to the selection" …
QString selectionText(SelectionMode mode, std::size_t cells);

} // namespace ember

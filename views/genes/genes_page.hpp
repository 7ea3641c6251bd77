#pragma once
// One page of the Genes view. It shows what it is told and asks for changes; choices and results live in the
// view.

#include <functional>

#include <QWidget>

#include "views/genes/gene_context.hpp"
#include "views/genes/genes_settings.hpp"
#include "views/workspace.hpp"

class QComboBox;
class QHBoxLayout;
class QLabel;
class QPushButton;

namespace ember {

class FigureWidget;

class GenesPage : public QWidget {
    Q_OBJECT
public:
    using Change = std::function<void(GenesSettings&)>;

    virtual void show(DocumentRef document, const GeneContextPtr& context, const GenesSettings& settings) = 0;
    virtual bool canExport() const = 0;
    virtual void exportData() = 0; ///< asks where

signals:
    void wanted(const QString& text, const ember::GenesPage::Change& change); ///< to be made undoable
    void exportableChanged();

protected:
    GenesPage(Workspace& workspace, QWidget* parent) : QWidget(parent), workspace_(workspace) {}
    void reportExports(const FigureWidget* plot); ///< where an export went, or why not
    /// The gene is chosen here and colours the cells everywhere, as one step to undo.
    void chooseGene(DocumentRef document, const MatrixSource& source, const QString& gene,
                    const Change& change);
    /// Asks for a path and writes there as a job; says where it is.
    void saveAs(const QString& title, const QString& proposed,
                const std::function<void(const QString& path, JobContext& job)>& write);

    Workspace& workspace_;
};

/// A box of a form, with names for people and for tests.
QComboBox* makeChoice(const char* name, const QString& accessible, const QString& tip);
/// "label [box]" into a row; the label is the box's.
void addField(QHBoxLayout* row, const QString& label, QWidget* field, int stretch = 0);
/// Replaces the entries (text and data alike unless given) and shows one, silently.
void fillChoice(QComboBox* box, const QStringList& texts, const QStringList& data, const QString& current);

} // namespace ember

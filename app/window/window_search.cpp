#include "app/window/window_search.hpp"

#include <utility>

#include <QAction>
#include <QMainWindow>

#include "app/window/action.hpp"
#include "views/selections.hpp"
#include "views/training/run_store.hpp"
#include "views/training/run_words.hpp"
#include "widgets/formatting.hpp"

namespace ember {

namespace {

enum Kind { actionKind, documentKind, runKind, columnKind, labelKind, geneKind };

} // namespace

WindowSearch::WindowSearch(QMainWindow* window, Workspace& workspace)
    : QObject(window), window_(window), workspace_(workspace) {
    action_ = makeAction(window, "actionSearch", "edit-find", tr("Search"), tr("Ctrl+K"),
                         tr("Find actions, genes, columns and cell types"), [this] { open(); });
    palette_ = new SearchPalette(window);
    connect(palette_, &SearchPalette::chosen, this, &WindowSearch::run);
    connect(&workspace_, &Workspace::documentClosing, this, [this](DocumentRef document) {
        if (document == sourceOf_) {
            sourceOf_ = {};
            source_.reset();
        }
    });
}

void WindowSearch::open() {
    if (workspace_.current() != sourceOf_) {
        gather();
    }
    fill();
    palette_->open();
}

void WindowSearch::gather() {
    source_.reset();
    sourceOf_ = workspace_.current();
    palette_->setNote({});
    if (gathering_ != nullptr) {
        gathering_->cancel();
    }
    const DatasetDocument* document = workspace_.dataOf(sourceOf_);
    if (document == nullptr) {
        return;
    }
    palette_->setNote(tr("Reading the names in %1…").arg(document->name));
    gathering_ = runJob(
        workspace_, tr("Reading the names in %1").arg(document->name),
        [data = document->data](JobContext& job) { return gather_search_source(*data, job); }, this,
        [this, of = sourceOf_](SearchSource source) {
            if (of == sourceOf_) {
                source_ = std::make_shared<const SearchSource>(std::move(source));
                palette_->setNote({});
                fill();
            }
        });
    connect(gathering_, &Job::finished, this, [this, job = gathering_.data()] {
        if (job->state() == JobState::failed) {
            palette_->setNote(tr("The names in this file cannot be read"));
        }
    });
}

void WindowSearch::fill() {
    entries_.clear();
    runs_.clear();
    addActions();
    addDocuments();
    addRuns();
    addSource();
    palette_->setEntries(std::exchange(entries_, {}));
}

void WindowSearch::add(const QString& text, const QString& detail, const QString& icon, int kind,
                       std::function<void()> run) {
    entries_.push_back({text, detail, icon, kind});
    runs_.push_back(std::move(run));
}

void WindowSearch::addActions() {
    for (QAction* action : window_->actions()) {
        if (action == action_ || !action->isEnabled() || action->text().isEmpty()) {
            continue;
        }
        const QString keys = action->shortcut().toString(QKeySequence::NativeText);
        add(QString(action->text()).remove('&'), keys.isEmpty() ? tr("Action") : keys, "media-playback-start",
            actionKind, [action] { action->trigger(); });
    }
}

void WindowSearch::addDocuments() {
    const auto open = [this](const QString& name, const QString& detail, const QString& icon,
                             DocumentRef document) {
        add(name, detail, icon, documentKind, [this, document] { workspace_.setCurrent(document); });
    };
    for (const DatasetDocument* document : workspace_.datasets()) {
        open(document->name, tr("Data set"), "cells", {DocumentKind::dataset, document->id});
    }
    for (const ModelDocument* document : workspace_.models()) {
        open(document->name, tr("Model"), "model", {DocumentKind::model, document->id});
    }
    for (const PredictionDocument* document : workspace_.predictions()) {
        open(document->name, tr("Prediction"), "tools-wizard", {DocumentKind::prediction, document->id});
    }
}

void WindowSearch::addRuns() {
    const RunStore& store = RunStore::of(workspace_);
    for (const RunSnapshotPtr& run : store.runs()) {
        const QString path = runPath(*run);
        add(QString::fromStdString(run->name),
            tr("Training run: %1").arg(stateWords(*run, store.asked(path)).text), "run-build", runKind,
            [this, path] { emit runChosen(path); });
    }
}

void WindowSearch::addSource() {
    const DatasetDocument* document = workspace_.dataOf(sourceOf_);
    if (source_ == nullptr || document == nullptr) {
        return;
    }
    const DocumentRef of = sourceOf_;
    const auto show = [this, of] { workspace_.showView("predictions", of); };
    for (const QString& column : source_->columns) {
        add(column, tr("Column: colour the cells by it"), "tag", columnKind, [this, show, of, column] {
            show();
            workspace_.chooseColumn(of, column);
        });
    }
    for (const LabelSource& label : source_->labels) {
        const QString& column = source_->groups[static_cast<std::size_t>(label.column)].column;
        add(label.label,
            tr("%1: select its %2 cells").arg(column, formatCount(static_cast<std::int64_t>(label.cells))),
            "tool-lasso", labelKind, [this, show, of, label, source = source_] {
                show();
                workspace_.selections().change(of, cells_with(*source, label), SelectionMode::replace,
                                               tr("Select %1").arg(label.label));
            });
    }
    addGenes();
}

/// They may be tens of thousands, each time the palette opens: no action and no text of their own.
void WindowSearch::addGenes() {
    const QString detail = tr("Gene: colour the cells by it"), icon = "view-statistics";
    entries_.reserve(entries_.size() + static_cast<std::size_t>(source_->genes.size()));
    for (const QString& gene : source_->genes) {
        entries_.push_back({gene, detail, icon, geneKind});
    }
}

void WindowSearch::run(int entry) {
    const auto place = static_cast<std::size_t>(entry);
    if (place < runs_.size()) {
        const auto chosen = runs_[place]; // what it does may fill the list again
        chosen();
    } else if (workspace_.dataOf(sourceOf_) != nullptr) {
        const QString gene = palette_->entries().at(place).text;
        workspace_.showView("predictions", sourceOf_);
        workspace_.chooseGene(sourceOf_, {MatrixSource::Kind::x, {}}, gene);
    }
}

} // namespace ember

// Ten thousand random actions, and undo of all of them ends where it began.

#include <random>

#include <QUndoStack>

#include "app/window/view_tabs.hpp"
#include "views/selections.hpp"
#include "views/undo.hpp"
#include "window_fixture.hpp"

namespace ember {
namespace {

class RandomWalk : public test::WindowTest, public testing::WithParamInterface<unsigned> {
protected:
    void SetUp() override {
        openDemo();
        documents = {named("wound_demo"), named("pbmc_phase")};
        history().setUndoLimit(0);
    }
    QUndoStack& history() { return window->documents().history(); }
    Selections& selections() { return window->documents().selections(); }
    int below(int end) { return std::uniform_int_distribution<int>(0, end - 1)(random); }
    DocumentRef anyDocument() { return documents[static_cast<std::size_t>(below(2))]; }

    CellSelection anyCells(DocumentRef document) {
        CellSelection cells(selections().of(document).size());
        const int first = below(static_cast<int>(cells.size())), step = 1 + below(50);
        for (auto cell = static_cast<std::size_t>(first); cell < cells.size();
             cell += static_cast<std::size_t>(step)) {
            cells.insert(cell);
        }
        return cells;
    }
    QString anyName() {
        const auto& named = selections().named();
        return named.isEmpty() ? QString() : named[below(static_cast<int>(named.size()))].name;
    }
    /// As a view does it: the change first, then its record.
    void changeSettings(const QString& view, const QString& key, const QJsonValue& value) {
        const QJsonObject before = window->session().views.value(view);
        QJsonObject after = before;
        after[key] = value;
        window->views().restoreView(view, after);
        recordViewChange(window->documents(), view, "Change " + key, before, after);
    }
    /// Whether it was a step of its own, not one through the history.
    bool act() {
        const DocumentRef document = anyDocument();
        const int action = below(100);
        if (action < 32) {
            const SelectionMode modes[] = {SelectionMode::replace, SelectionMode::add, SelectionMode::remove,
                                           SelectionMode::intersect};
            selections().change(document, anyCells(document), modes[below(4)]);
        } else if (action < 40) {
            selections().invert(document);
        } else if (action < 44) {
            below(2) != 0 ? selections().selectAll(document) : selections().clear(document);
        } else if (action < 49 && selections().named().size() < 30) {
            selections().save(document, below(2) != 0 ? "same name" : selections().proposedName());
        } else if (action < 53) {
            selections().remove(anyName());
        } else if (action < 57) {
            selections().rename(anyName(), QString("name %1").arg(below(20)));
        } else if (action < 62) {
            selections().use(anyName());
        } else if (action < 66) {
            changeSettings("dataset", "tab", below(2) != 0 ? "cells" : "overview");
        } else if (action < 72) {
            changeSettings("colours", QString("cluster %1").arg(below(9)), QString("#%1").arg(below(999)));
        } else if (action < 88) {
            history().undo();
        } else {
            history().redo();
        }
        return action < 72;
    }

    std::mt19937 random{GetParam()};
    std::vector<DocumentRef> documents;
};

TEST_P(RandomWalk, EndsWhereItBeganAndPassesEveryPlaceAgain) {
    using Place = std::pair<SelectionState, QMap<QString, QJsonObject>>;
    const auto here = [this] { return Place(selections().state(), window->views().settings()); };
    const Session start = window->session();
    std::map<int, Place> places{{0, here()}}; ///< by index in the history
    for (int step = 0; step < 5'000; ++step) {
        const int before = history().index();
        const bool own = act();
        if (own && history().index() != before) { // what was undone beyond it is gone
            places.erase(places.upper_bound(before), places.end());
            places[history().index()] = here();
        } else {
            ASSERT_TRUE(places.at(history().index()) == here()) << "step " << step;
        }
    }
    const Session end = window->session();
    const int last = history().index();
    EXPECT_GT(history().count(), 100);
    while (history().canUndo()) {
        history().undo();
        ASSERT_TRUE(places.at(history().index()) == here()) << history().index();
    }
    test::expectSame(window->session(), start);
    history().setIndex(last);
    test::expectSame(window->session(), end);
}

INSTANTIATE_TEST_SUITE_P(Seeds, RandomWalk, testing::Values(1u, 2026u));

} // namespace
} // namespace ember

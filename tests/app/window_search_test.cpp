// Ctrl+K finds what is in the window and in the current document.

#include <QAction>
#include <QUndoStack>

#include "app/window/view_tabs.hpp"
#include "app/window/window_search.hpp"
#include "views/selections.hpp"
#include "window_fixture.hpp"

namespace ember {
namespace {

class WindowSearchTest : public test::WindowTest {
protected:
    SearchPalette& palette() { return find<SearchPalette>("searchPalette"); }
    void choose(const QString& text, const QString& detail) {
        const auto place = [&] {
            const std::vector<SearchEntry>& entries = palette().entries();
            return std::find_if(entries.begin(), entries.end(), [&](const SearchEntry& entry) {
                return entry.text == text && entry.detail.startsWith(detail);
            });
        };
        ASSERT_TRUE(test::waitFor([&] { return place() != palette().entries().end(); })) << qPrintable(text);
        emit palette().chosen(static_cast<int>(place() - palette().entries().begin()));
    }
};

TEST_F(WindowSearchTest, FindsActionsBeforeAnythingIsOpen) {
    find<QAction>("actionSearch").trigger();
    EXPECT_TRUE(palette().isVisible());
    choose("Welcome page", "");
}

TEST_F(WindowSearchTest, LabelsSelectTheirCellsAndGenesColourThem) {
    openDemo();
    const DocumentRef wound = named("wound_demo");
    window->documents().setCurrent(wound);
    find<QAction>("actionSearch").trigger();
    choose("Burn", "condition");
    const std::size_t burn = window->documents().selections().of(wound).count();
    EXPECT_GT(burn, 1000u);
    EXPECT_LT(burn, 3000u);
    EXPECT_EQ(window->views().currentName(), "predictions");
    const QString gene = QString::fromStdString(window->documents().dataOf(wound)->data->var_names().front());
    choose(gene, "Gene");
    EXPECT_TRUE(window->documents().history().undoText().contains(gene));
    choose("timepoint", "Column");
    EXPECT_TRUE(window->documents().history().undoText().contains("timepoint"));
}

TEST_F(WindowSearchTest, ForgetsWhatIsClosed) {
    openDemo();
    const DocumentRef wound = named("wound_demo");
    window->documents().setCurrent(wound);
    find<QAction>("actionSearch").trigger();
    choose("timepoint", "Column");
    window->documents().close(wound);
    find<QAction>("actionSearch").trigger();
    for (const SearchEntry& entry : palette().entries()) {
        EXPECT_NE(entry.text, "wound_demo");
    }
    EXPECT_TRUE(waitUntilIdle());
}

} // namespace
} // namespace ember

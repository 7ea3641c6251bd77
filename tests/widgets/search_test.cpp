// What a few typed letters find, and the palette that shows it.

#include <QLineEdit>
#include <QListView>
#include <QSignalSpy>
#include <QTest>

#include <gtest/gtest.h>

#include "widgets/search_palette.hpp"

using namespace ember;

namespace {

std::vector<SearchEntry> entries() {
    return {{"Save selection…", "Action", {}, 0}, {"Krt5", "Gene", {}, 4},        {"Krt51", "Gene", {}, 4},
            {"Ker", "cell_type", {}, 3},          {"cell_type", "Column", {}, 2}, {"Mkrt", "Gene", {}, 4}};
}

TEST(SearchRank, TheSameBeforeBeginningsBeforeWordsBeforeParts) {
    EXPECT_EQ(matchRank("Krt5", {"krt5"}), 0);
    EXPECT_EQ(matchRank("Krt51", {"KRT5"}), 1);
    EXPECT_EQ(matchRank("Save selection", {"sel"}), 2);
    EXPECT_EQ(matchRank("cell_type", {"type"}), 2);
    EXPECT_EQ(matchRank("Mkrt", {"krt"}), 3);
    EXPECT_EQ(matchRank("Xsel selection", {"sel"}), 2) << "a later place may be the better one";
    EXPECT_EQ(matchRank("Krt5", {"krt", "gene"}), -1);
    EXPECT_EQ(matchRank("Save selection", {"sel", "sa"}), 2) << "as good as its worst word";
}

TEST(SearchRank, BestFirst) {
    EXPECT_EQ(bestMatches(entries(), "krt5", 10), (std::vector<int>{1, 2}));
    EXPECT_EQ(bestMatches(entries(), "k", 10), (std::vector<int>{3, 1, 2, 5}));
    EXPECT_EQ(bestMatches(entries(), "", 3), (std::vector<int>{0, 4, 3})) << "by kind";
    EXPECT_TRUE(bestMatches(entries(), "zzz", 10).empty());
}

TEST(SearchPalette, EnterChoosesWhatTheArrowsMark) {
    QWidget window;
    window.resize(800, 600);
    window.show();
    SearchPalette palette(&window);
    palette.setEntries(entries());
    QSignalSpy chosen(&palette, &SearchPalette::chosen);
    palette.open();
    auto& field = *palette.findChild<QLineEdit*>("searchField");
    QTest::keyClicks(&field, "krt");
    QTest::keyClick(&field, Qt::Key_Down);
    QTest::keyClick(&field, Qt::Key_Return);
    ASSERT_EQ(chosen.size(), 1);
    EXPECT_EQ(chosen[0][0].toInt(), 2);
    EXPECT_FALSE(palette.isVisible());
}

TEST(SearchPalette, NothingFoundIsSaidAndNotChosen) {
    QWidget window;
    SearchPalette palette(&window);
    palette.setEntries(entries());
    QSignalSpy chosen(&palette, &SearchPalette::chosen);
    palette.open();
    auto& field = *palette.findChild<QLineEdit*>("searchField");
    QTest::keyClicks(&field, "zzz");
    const auto& list = *palette.findChild<QListView*>("searchResults");
    EXPECT_TRUE(list.model()->index(0, 0).data().toString().contains("zzz"));
    QTest::keyClick(&field, Qt::Key_Return);
    EXPECT_EQ(chosen.size(), 0);
    QTest::keyClick(&field, Qt::Key_Escape);
    EXPECT_FALSE(palette.isVisible());
}

} // namespace

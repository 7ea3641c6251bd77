// Broken files end as message bars that name the class and the remedy.

#include <QDir>
#include <QFile>

#include <nlohmann/json.hpp>

#include "app/window/message_area.hpp"
#include "widgets/message_bar.hpp"
#include "window_fixture.hpp"

namespace ember {
namespace {

using BrokenFiles = test::WindowTest;

nlohmann::json manifest() {
    QFile file(EMBER_TEST_DATA "/h5ad/manifest.json");
    EXPECT_TRUE(file.open(QIODevice::ReadOnly));
    return nlohmann::json::parse(file.readAll().toStdString());
}

TEST_F(BrokenFiles, FiveOfThem) {
    const QStringList names{"not_hdf5_text", "truncated_half", "external_link", "indices_out_of_range",
                            "category_code_out_of_range"};
    const auto classes = manifest();
    for (const QString& name : names) {
        window->openFiles({QString(EMBER_TEST_DATA "/h5ad/broken/%1.h5ad").arg(name)});
        ASSERT_TRUE(waitUntilIdle()) << name.toStdString();
    }
    // Files whose structure is sound open; what is wrong with their values is said when those are read.
    const QList<Message> messages = window->messages().messages();
    EXPECT_GE(messages.size() + static_cast<qsizetype>(window->documents().datasets().size()), names.size());
    ASSERT_GE(messages.size(), 3);
    for (const Message& message : messages) {
        EXPECT_EQ(message.kind, MessageKind::error);
        EXPECT_FALSE(message.title.isEmpty());
        EXPECT_FALSE(message.remedy.isEmpty()) << message.title.toStdString();
        EXPECT_TRUE(message.text.contains(".h5ad")) << message.text.toStdString();
        EXPECT_TRUE(message.details.contains("broken/")) << message.details.toStdString();
        EXPECT_TRUE(QString::fromStdString(classes.dump()).contains(message.title))
            << message.title.toStdString();
    }
    EXPECT_EQ(find<QWidget>("messageArea").findChildren<MessageBar*>().size(), messages.size());
}

TEST_F(BrokenFiles, NoFileOfTheCorpusStopsTheWindow) {
    const QStringList files = QDir(EMBER_TEST_DATA "/h5ad/broken").entryList({"*.h5ad"});
    ASSERT_GT(files.size(), 30);
    QStringList paths;
    for (const QString& file : files) {
        paths << EMBER_TEST_DATA "/h5ad/broken/" + file;
    }
    window->openFiles(paths);
    ASSERT_TRUE(waitUntilIdle());
    EXPECT_GT(window->messages().messages().size(), 15);
    window->messages().closeAll();
    EXPECT_FALSE(find<QWidget>("messageArea").isVisible());
}

TEST_F(BrokenFiles, WhatIsNotThereOrNotARun) {
    window->openFiles({folder.filePath("gone.h5ad")});
    ASSERT_TRUE(waitUntilIdle());
    EXPECT_EQ(window->messages().messages().first().title, "MissingFile");
    window->openFiles({folder.path()});
    ASSERT_TRUE(waitUntilIdle());
    EXPECT_EQ(window->messages().messages().first().title, "NotARunDirectory");
    QFile session(folder.filePath("bad.emberview"));
    ASSERT_TRUE(session.open(QIODevice::WriteOnly));
    session.write("{}");
    session.close();
    window->openFiles({session.fileName()});
    ASSERT_TRUE(waitUntilIdle());
    EXPECT_EQ(window->messages().messages().first().title, "BadSession");
}

TEST_F(BrokenFiles, TheSameMessageStandsOnce) {
    for (int times = 0; times < 2; ++times) {
        window->openFiles({folder.filePath("gone.h5ad")});
        ASSERT_TRUE(waitUntilIdle());
    }
    EXPECT_EQ(window->messages().messages().size(), 1);
}

} // namespace
} // namespace ember

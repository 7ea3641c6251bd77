// Where a prediction goes when nobody said where.

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

#include <gtest/gtest.h>

#include "core/base/demo_workspace.hpp"
#include "core/base/error.hpp"
#include "views/prediction/output_proposal.hpp"

namespace ember {
namespace {

void touch(const QString& path) {
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
}

TEST(OutputProposal, BesideTheDataAndNeverOverIt) {
    const QTemporaryDir folder;
    const QString data = folder.filePath("skin.v2.h5ad");
    EXPECT_EQ(proposedPredictionPath(data, "st", {}), folder.filePath("skin.v2_st.h5ad"));
    touch(folder.filePath("skin.v2_st.h5ad"));
    EXPECT_EQ(proposedPredictionPath(data, "st", {}), folder.filePath("skin.v2_st_2.h5ad"));
}

TEST(OutputProposal, TheLastFolderComesFirst) {
    const QTemporaryDir data, last;
    EXPECT_EQ(proposedPredictionPath(data.filePath("a.h5ad"), "st", last.path()), last.filePath("a_st.h5ad"));
    EXPECT_EQ(proposedPredictionPath(data.filePath("a.h5ad"), "st", "/nowhere/at/all"),
              data.filePath("a_st.h5ad"));
}

TEST(OutputProposal, TheBundledDemoStaysAsItIs) {
    const QString data = QString::fromStdString((bundled_demo() / "wound_demo.h5ad").string());
    EXPECT_NE(QFileInfo(proposedPredictionPath(data, "st", {})).absolutePath(),
              QFileInfo(data).absolutePath());
}

TEST(OutputProposal, FoldersAreMade) {
    const QTemporaryDir folder;
    makeFolderOf(folder.filePath("a/b/c.h5ad").toStdString());
    EXPECT_TRUE(QDir(folder.filePath("a/b")).exists());
    touch(folder.filePath("file"));
    EXPECT_THROW(makeFolderOf(folder.filePath("file/b/c.h5ad").toStdString()), Error);
}

} // namespace
} // namespace ember

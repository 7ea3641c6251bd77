// Opening, choosing and closing documents.

#include <QCoreApplication>
#include <QDropEvent>
#include <QFile>
#include <QLabel>
#include <QMimeData>
#include <QUrl>

#include "app/window/message_area.hpp"
#include "app/window/view_tabs.hpp"
#include "core/base/demo_workspace.hpp"
#include "window_fixture.hpp"

namespace ember {
namespace {

using Documents = test::WindowTest;

QString demoPath(const char* name) {
    return QString::fromStdString((bundled_demo() / name).string());
}

TEST_F(Documents, TheDemoOpensWithTheWoundCellsInFront) {
    openDemo();
    EXPECT_EQ(window->documents().current(), named("wound_demo"));
    EXPECT_TRUE(window->messages().messages().isEmpty());
    EXPECT_EQ(find<QLabel>("datasetOrigin").text(), "Simulated demo data; no measured cell is in it");
    const DatasetDocument* wound = window->documents().dataset(named("wound_demo").id);
    EXPECT_EQ(wound->data->n_obs(), 4000u);
    EXPECT_EQ(wound->schema.pert_col.value, "condition");
    const ModelDocument* model = window->documents().model(named("st_wound").id);
    EXPECT_EQ(model->hints.pert_col, "condition");
    EXPECT_EQ(model->hints.input_dim, 500u);
    EXPECT_FALSE(model->hints.perturbations.empty());
}

TEST_F(Documents, AFileOpensOnce) {
    const QString path = demoPath("pbmc_phase.h5ad");
    window->openFiles({path, path});
    ASSERT_TRUE(waitUntilIdle());
    window->openFiles({demoPath("../demo/pbmc_phase.h5ad")});
    ASSERT_TRUE(waitUntilIdle());
    EXPECT_EQ(window->documents().datasets().size(), 1u);
}

/// Opening by hand and the end of a prediction may meet: one document stays, the prediction.
TEST_F(Documents, APredictionThatIsOpenedByHandMeanwhileStandsOnce) {
    for (const bool byHandFirst : {true, false}) {
        const QString path = folder.filePath(byHandFirst ? "a.h5ad" : "b.h5ad");
        ASSERT_TRUE(QFile::copy(demoPath("pbmc_phase.h5ad"), path));
        InferResult result;
        result.output = path.toStdString();
        result.written_to = "X";
        if (byHandFirst) {
            window->openFiles({path});
        }
        window->documents().addPrediction({}, result);
        if (!byHandFirst) {
            window->openFiles({path});
        }
        ASSERT_TRUE(waitUntilIdle());
        EXPECT_EQ(window->documents().forSession().size(), byHandFirst ? 1 : 2);
        EXPECT_EQ(window->documents().current().kind, DocumentKind::prediction);
    }
}

TEST_F(Documents, ACheckpointOpensItsRunDirectory) {
    window->openFiles({demoPath("st_pbmc/checkpoints/final.ckpt")});
    ASSERT_TRUE(waitUntilIdle());
    ASSERT_EQ(window->documents().models().size(), 1u);
    EXPECT_TRUE(window->documents().models().front()->path.endsWith("/st_pbmc"));
}

TEST_F(Documents, ACheckpointAloneIsAModelToo) {
    const QString copy = folder.filePath("lonely.ckpt");
    ASSERT_TRUE(QFile::copy(demoPath("st_pbmc/checkpoints/final.ckpt"), copy));
    window->openFiles({copy});
    ASSERT_TRUE(waitUntilIdle());
    ASSERT_EQ(window->documents().models().size(), 1u);
    EXPECT_FALSE(window->documents().models().front()->info.empty());
}

TEST_F(Documents, ClosingMovesOnAndEmptiesTheWindow) {
    openDemo();
    OpenDocuments& documents = window->documents();
    const DocumentRef wound = named("wound_demo");
    documents.close(wound);
    EXPECT_EQ(documents.dataset(wound.id), nullptr);
    EXPECT_NE(documents.current(), wound);
    EXPECT_TRUE(documents.current());
    documents.closeAll();
    EXPECT_FALSE(documents.current());
    EXPECT_TRUE(find<QWidget>("welcomePage").isVisible());
}

TEST_F(Documents, FilesCanBeDroppedOnTheWindow) {
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(demoPath("pbmc_phase.h5ad"))});
    QDragEnterEvent enter(QPoint(600, 400), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(window.get(), &enter);
    EXPECT_TRUE(enter.isAccepted());
    QDropEvent drop(QPointF(600, 400), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(window.get(), &drop);
    EXPECT_TRUE(drop.isAccepted());
    ASSERT_TRUE(waitUntilIdle());
    EXPECT_EQ(window->documents().datasets().size(), 1u);
}

TEST_F(Documents, OpenedFilesAreRemembered) {
    window->openFiles({demoPath("pbmc_phase.h5ad")});
    ASSERT_TRUE(waitUntilIdle());
    const RecentFiles recent;
    ASSERT_FALSE(recent.paths().isEmpty());
    EXPECT_TRUE(recent.paths().first().endsWith("pbmc_phase.h5ad"));
}

TEST_F(Documents, AViewOpensTheDocumentItIsFor) {
    openDemo();
    window->documents().setCurrent(named("st_drug"));
    ASSERT_TRUE(waitUntilIdle());
    window->documents().showView("predictions", named("pbmc_phase"));
    EXPECT_EQ(window->views().currentName(), "predictions");
    EXPECT_EQ(window->views().currentView()->document(), named("pbmc_phase"));
    ASSERT_TRUE(waitUntilIdle());
    window->documents().close(named("pbmc_phase"));
    EXPECT_NE(window->documents().current(), (DocumentRef{}));
}

} // namespace
} // namespace ember

// The demo through the window: predict, banner, statistics, export, cancel.

#include <algorithm>

#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QThread>

#include <nlohmann/json.hpp>

#include "app/window/message_area.hpp"
#include "app/window/view_tabs.hpp"
#include "core/base/demo_workspace.hpp"
#include "core/base/engine.hpp"
#include "views/prediction/predict_form.hpp"
#include "views/prediction/prediction_view.hpp"
#include "views/prediction/statistics_pane.hpp"
#include "widgets/field_row.hpp"
#include "widgets/message_bar.hpp"
#include "widgets/statistics_table.hpp"
#include "window_fixture.hpp"

namespace ember {
namespace {

constexpr double tolerance = 1e-4;

QByteArray contentOf(const QString& path) {
    QFile file(path);
    EXPECT_TRUE(file.open(QIODevice::ReadOnly)) << path.toStdString();
    return file.readAll();
}

nlohmann::json expected(const char* run) {
    const QString path = QString::fromStdString((bundled_demo() / "expected.json").string());
    return nlohmann::json::parse(contentOf(path).toStdString())[run];
}

void expectFigures(const GroupStatistics& group, const nlohmann::json& figures) {
    EXPECT_EQ(group.cells, figures["cells"].get<std::uint64_t>());
    EXPECT_NEAR(group.mean, figures["mean"].get<double>(), tolerance);
    EXPECT_NEAR(group.std, figures["std"].get<double>(), tolerance);
    EXPECT_NEAR(group.max, figures["max"].get<double>(), tolerance);
    EXPECT_NEAR(group.sparsity, figures["sparsity"].get<double>(), 1e-3);
    EXPECT_NEAR(group.magnitude_mean, figures["magnitude_mean"].get<double>(), 10 * tolerance);
}

class Predict : public test::WindowTest {
protected:
    PredictForm& form() { return find<PredictForm>("predictForm"); }
    PredictionView& view() { return find<PredictionView>("predictionView"); }
    QString chosen(const char* box) { return find<QComboBox>(box).currentData().toString(); }

    /// Fills the form for these two and names an output in the test's folder.
    void choose(const char* data, const char* model, const QString& output) {
        window->documents().askToPredict(named(data), named(model));
        ASSERT_TRUE(waitUntilIdle());
        find<QLineEdit>("predictOutput").setText(folder.filePath(output));
    }

    /// Presses Predict and waits for the statistics of the result.
    void run(const char* data, const char* model, const QString& output) {
        ASSERT_NO_FATAL_FAILURE(choose(data, model, output));
        const std::size_t before = window->documents().predictions().size();
        find<QPushButton>("predictButton").click();
        ASSERT_TRUE(test::waitFor(
            [&] {
                return !window->messages().messages().isEmpty() ||
                       (window->documents().predictions().size() > before && window->jobs().isIdle());
            },
            200));
        ASSERT_TRUE(window->messages().messages().isEmpty())
            << window->messages().messages().first().text.toStdString();
        ASSERT_TRUE(view().result());
    }

    QStringList banners() {
        QStringList texts;
        for (const MessageBar* bar : view().findChildren<MessageBar*>()) {
            texts << bar->plainText();
        }
        return texts;
    }
};

TEST_F(Predict, TheFormStartsWithWhatIsLookedAt) {
    openDemo();
    window->documents().setCurrent(named("st_wound"));
    window->views().bringToFront("predict");
    ASSERT_TRUE(waitUntilIdle());
    EXPECT_EQ(find<QComboBox>("predictModel").currentText(), "st_wound");
    EXPECT_EQ(find<QComboBox>("predictData").currentText(), "wound_demo");
}

TEST_F(Predict, TheWoundModelFromFormToCsv) {
    openDemo();
    ASSERT_NO_FATAL_FAILURE(choose("wound_demo", "st_wound", "w.h5ad"));
    EXPECT_EQ(chosen("predictPerturbation"), "condition");
    EXPECT_EQ(chosen("predictControl"), "Sham");
    EXPECT_EQ(chosen("predictCellType"), "cell_type");
    EXPECT_EQ(chosen("predictBatch"), "batch");
    EXPECT_EQ(chosen("predictEmbedding"), "X_hvg");
    ASSERT_NO_FATAL_FAILURE(run("wound_demo", "st_wound", "w.h5ad"));

    ASSERT_EQ(banners().size(), 1);
    EXPECT_TRUE(banners().first().contains("differ between Sham and Burn"))
        << banners().first().toStdString();
    const auto wanted = expected("wound");
    const StatisticsResult& result = *view().result();
    expectFigures(result.overall, wanted["overall"]);
    ASSERT_EQ(result.tables.front().name(), "condition");
    for (const GroupStatistics& group : result.tables.front().groups) {
        expectFigures(group, wanted["condition"][group.group]);
    }
    const StatisticsTable* shown = view().pane()->table(1);
    ASSERT_EQ(shown->rows().size(), 2u);
    EXPECT_EQ(shown->rows()[0].mean, result.tables.front().groups[0].mean);

    view().exportTo(folder.filePath("tables"));
    ASSERT_TRUE(waitUntilIdle());
    ASSERT_FALSE(window->messages().messages().isEmpty());
    EXPECT_TRUE(window->messages().messages().first().text.contains(folder.filePath("tables")));
    JobContext quiet;
    StatisticsRequest request;
    request.adata = folder.filePath("w.h5ad").toStdString();
    request.source = {MatrixSource::Kind::obsm, "X_hvg"};
    request.by = {{"condition"}, {"timepoint"}, {"cell_type"}, {"condition", "timepoint"}};
    const StatisticsResult own = compute_statistics(request, quiet);
    EXPECT_EQ(contentOf(folder.filePath("tables/overall.csv")), statistics_csv({own.overall}).c_str());
    const char* files[] = {"by_condition", "by_timepoint", "by_cell_type", "by_condition_timepoint"};
    for (std::size_t at = 0; at < own.tables.size(); ++at) {
        EXPECT_EQ(contentOf(folder.filePath(QString("tables/%1.csv").arg(files[at]))),
                  statistics_csv(own.tables[at].groups).c_str());
    }
}

TEST_F(Predict, TheDrugModelSaysThatItNeverSawThem) {
    openDemo();
    ASSERT_NO_FATAL_FAILURE(run("wound_demo", "st_drug", "d.h5ad"));
    ASSERT_EQ(banners().size(), 2);
    EXPECT_TRUE(banners()[0].contains("Burn"));
    EXPECT_TRUE(banners()[0].contains("do not interpret"));
    EXPECT_TRUE(banners()[1].contains("do not differ")) << banners()[1].toStdString();
    expectFigures(view().result()->overall, expected("drug")["overall"]);

    // The file remembers, so the banner comes back with it.
    window->documents().close(named("d"));
    window->openFiles({folder.filePath("d.h5ad")});
    ASSERT_TRUE(waitUntilIdle());
    window->documents().showView("predictions", named("d"));
    ASSERT_TRUE(waitUntilIdle());
    ASSERT_EQ(banners().size(), 2);
    EXPECT_TRUE(banners().first().contains("Burn"));
}

TEST_F(Predict, RealCells) {
    openDemo();
    ASSERT_NO_FATAL_FAILURE(run("pbmc_phase", "st_pbmc", "p.h5ad"));
    expectFigures(view().result()->overall, expected("pbmc")["overall"]);
    EXPECT_EQ(view().choice().group, "phase");
}

TEST_F(Predict, CancelLeavesNoFile) {
    openDemo();
    ASSERT_NO_FATAL_FAILURE(choose("wound_demo", "st_wound", "c.h5ad"));
    find<QSpinBox>("predictThreads").setValue(1); // leaves time for the click
    Job* job = form().predict();
    ASSERT_NE(job, nullptr);
    ASSERT_TRUE(test::waitFor([&] { return job->state() != JobState::queued; }, 200));
    ASSERT_FALSE(job->isFinished()) << "the prediction was too quick to be cancelled";
    EXPECT_TRUE(find<QPushButton>("predictCancel").isVisible());
    find<QPushButton>("predictCancel").click();
    EXPECT_TRUE(job->cancelRequested());
    ASSERT_TRUE(test::waitFor([&] { return job->isFinished(); }));
    EXPECT_EQ(job->state(), JobState::cancelled);
    EXPECT_TRUE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden).isEmpty());
    EXPECT_TRUE(window->messages().messages().isEmpty());
    EXPECT_TRUE(window->documents().predictions().empty());
}

TEST_F(Predict, StatisticsOfAClosedDocumentAreDropped) {
    window->openFiles({QString::fromStdString((bundled_demo() / "wound_demo.h5ad").string())});
    ASSERT_TRUE(waitUntilIdle());
    const DocumentRef cells = named("wound_demo");
    window->documents().showView("predictions", cells);
    const std::vector<Job*> jobs = window->jobs().jobs();
    const auto statistics = std::find_if(jobs.begin(), jobs.end(), [](const Job* job) {
        return !job->isFinished() && job->name().startsWith("Statistics");
    });
    ASSERT_NE(statistics, jobs.end());
    (*statistics)->findChild<QThread*>()->wait(); // it has ended, and the window does not know yet
    window->documents().close(cells);
    ASSERT_TRUE(waitUntilIdle());
    EXPECT_EQ((*statistics)->state(), JobState::done);
    EXPECT_FALSE(view().canExport());
}

TEST_F(Predict, ProblemsStandNextToTheirFields) {
    openDemo();
    ASSERT_NO_FATAL_FAILURE(choose("pbmc_phase", "st_wound", "x.h5ad"));
    const auto rowOf = [this](const char* field) {
        QWidget* widget = &find<QWidget>(field);
        while (qobject_cast<FieldRow*>(widget) == nullptr) {
            widget = widget->parentWidget();
        }
        return qobject_cast<FieldRow*>(widget);
    };
    EXPECT_TRUE(rowOf("predictEmbedding")->hasError()); // 765 genes, the model reads 500
    EXPECT_FALSE(find<QPushButton>("predictButton").isEnabled());
    EXPECT_EQ(form().predict(), nullptr);

    ASSERT_NO_FATAL_FAILURE(choose("wound_demo", "st_wound", "x.txt"));
    EXPECT_EQ(form().predict(), nullptr);
    EXPECT_TRUE(rowOf("predictOutput")->hasError());
    EXPECT_FALSE(rowOf("predictControl")->hasError());
}

} // namespace
} // namespace ember

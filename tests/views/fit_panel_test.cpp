// "Fit to data" in the Model view, on the demo's models and cells.

#include <memory>

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QTabWidget>

#include <gtest/gtest.h>

#include "core/base/demo_workspace.hpp"
#include "core/run/st_config.hpp"
#include "tests/widgets/fake_workspace.hpp"
#include "tests/widgets/named_widgets.hpp"
#include "views/model/fit_panel.hpp"
#include "views/model/model_view.hpp"

namespace ember {
namespace {

/// The demo's wound cells beside one of its models, which has the id 2.
class WithModel : public FakeWorkspace {
public:
    explicit WithModel(const char* model) : FakeWorkspace((bundled_demo() / "wound_demo.h5ad").string()) {
        model_.id = 2;
        model_.name = QString::fromLatin1(model);
        model_.path = QString::fromStdString((bundled_demo() / model).string());
        model_.info = inspect_model(bundled_demo() / model);
    }
    std::vector<const ModelDocument*> models() const override { return {&model_}; }
    std::vector<const DatasetDocument*> datasets() const override {
        return closed ? std::vector<const DatasetDocument*>() : FakeWorkspace::datasets();
    }
    ModelDocument model_;
    bool closed = false;
};

QStringList titles(const QWidget& view) {
    QStringList found;
    for (const QLabel* label : view.findChildren<QLabel*>("messageTitle"))
        found << label->text().replace(QChar::Nbsp, ' ');
    return found;
}

TEST(FitPanelTest, ShowsWhatTheDrugModelLacks) {
    WithModel workspace("st_drug");
    ModelView view(workspace);
    view.showDocument({DocumentKind::model, 2});
    ASSERT_TRUE(workspace.waitForJobs());
    const auto* panel = view.findChild<FitPanel*>();
    ASSERT_TRUE(panel->report());
    EXPECT_EQ(panel->report()->worst, FitSeverity::serious);
    EXPECT_TRUE(view.findChild<QLabel*>("fitVerdict")->text().contains("none of the perturbations"));
    EXPECT_TRUE(view.findChild<QLabel*>("fitCaption")->text().contains("500 of the model's 500 genes"));
    EXPECT_TRUE(titles(view).join('|').contains(
        QString::fromUtf8("'Burn' was never seen in training  ·  1,765 cells")));
    const auto* tabs = view.findChild<QTabWidget*>("modelTabs");
    EXPECT_FALSE(tabs->tabIcon(1).isNull());
    view.findChild<QPushButton*>("fitCopy")->click();
    EXPECT_TRUE(QApplication::clipboard()->text().startsWith("Does st_drug fit wound_demo.h5ad?"));
    EXPECT_TRUE(unnamedControls(*panel).filter("fit").isEmpty());
    // Showing the same again asks nothing again.
    const std::size_t jobs = workspace.jobs.size();
    view.showDocument({DocumentKind::model, 2});
    EXPECT_EQ(workspace.jobs.size(), jobs);
}

TEST(FitPanelTest, ShowsTheBlindSpotOfTheWoundModel) {
    WithModel workspace("st_wound");
    ModelView view(workspace);
    view.showDocument({DocumentKind::model, 2});
    ASSERT_TRUE(workspace.waitForJobs());
    EXPECT_TRUE(titles(view).join('|').contains("'Burn' in 'Mac' was held out of training"));
}

TEST(FitPanelTest, SaysWhyItCannotCompare) {
    WithModel workspace("st_wound");
    workspace.model_.path = QString::fromStdString(bundled_demo().string()); // no run directory
    ModelView view(workspace);
    view.showDocument({DocumentKind::model, 2});
    ASSERT_TRUE(workspace.waitForJobs());
    EXPECT_TRUE(view.findChild<QLabel*>("fitVerdict")->text().contains("has no config.yaml"));
    EXPECT_FALSE(view.findChild<QLabel*>("fitCaption")->text().isEmpty());
    EXPECT_FALSE(view.findChild<QPushButton*>("fitCopy")->isEnabled());
    EXPECT_TRUE(workspace.messages.empty());
}

TEST(FitPanelTest, FollowsTheOpenDataSets) {
    WithModel workspace("st_wound");
    workspace.closed = true;
    ModelView view(workspace);
    view.showDocument({DocumentKind::model, 2});
    EXPECT_TRUE(workspace.jobs.empty());
    workspace.closed = false;
    emit workspace.documentAdded(workspace.ref());
    ASSERT_TRUE(workspace.waitForJobs());
    const auto* panel = view.findChild<FitPanel*>();
    EXPECT_TRUE(panel->report());
    EXPECT_EQ(view.findChild<QComboBox*>("fitDataset")->count(), 1);
    workspace.closed = true;
    emit workspace.documentClosing(workspace.ref());
    EXPECT_FALSE(panel->report());
    EXPECT_TRUE(view.findChild<QTabWidget*>("modelTabs")->tabIcon(1).isNull());
}

} // namespace
} // namespace ember

// The launch form and its text: two views of one configuration, checked while one edits.

#include <csignal>

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QToolButton>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "../widgets/fake_workspace.hpp"
#include "../widgets/named_widgets.hpp"
#include "core/base/demo_workspace.hpp"
#include "core/experiment/model_presets.hpp"
#include "views/training/config_text_pane.hpp"
#include "views/training/launch_form.hpp"
#include "views/training/option_field.hpp"
#include "views/training/run_start.hpp"
#include "widgets/field_row.hpp"

namespace ember {
namespace {

using testing::HasSubstr;

TEST(LaunchConfig, TextAndValuesAreTwoViewsOfOneThing) {
    LaunchConfig config;
    config.set("training.lr", 0.002);
    config.set("data.kwargs.pert_col", "condition");
    for (const bool all : {false, true}) {
        EXPECT_EQ(read_config_text(config.text(all)), config.values()) << all;
    }
    EXPECT_LT(config.text(false).size(), config.text(true).size() / 4);
    LaunchConfig other;
    other.set_preset("state");
    EXPECT_EQ(other.preset(), "state");
    EXPECT_EQ(read_config_text(other.text(false)), other.values());
    EXPECT_EQ(other.value("training.max_steps"), config.value("training.max_steps")); // no part of a preset
}

TEST(LaunchConfig, TheShortTextNamesWhatDiffersFromItsPreset) {
    for (const std::string& preset : model_presets()) { // another preset may be nearer to these values
        LaunchConfig config;
        config.set_preset(preset);
        for (const char* key : {"model.kwargs.cell_set_len", "model.kwargs.hidden_dim"}) {
            for (const std::string& other : model_presets()) {
                LaunchConfig theirs;
                theirs.set_preset(other);
                config.set(key, theirs.value(key));
                EXPECT_EQ(read_config_text(config.text(false)), config.values()) << preset << ' ' << other;
            }
        }
        config.set("model.kwargs.transformer_backbone_kwargs.num_attention_heads", 3);
        config.set("model.kwargs.transformer_backbone_kwargs.num_key_value_heads", 1);
        EXPECT_EQ(read_config_text(config.text(false)), config.values()) << preset;
    }
}

TEST(LaunchConfig, FaultsOfTheTextHaveALine) {
    const std::string text = "training:\n  lr: 0.001\n  max_stepz: 100\n";
    try {
        read_config_text(text);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.class_name(), "UnknownOption");
        EXPECT_EQ(line_of_error(text, error), 2) << error.what();
        EXPECT_THAT(error.what(), HasSubstr("max_steps"));
    }
    EXPECT_EQ(line_of_option("# a\nmodel:\n  kwargs:\n    dropout: 0.1\ndata:\n  kwargs:\n    pert_col: x\n",
                             "data.kwargs.pert_col"),
              6);
    EXPECT_EQ(line_of_option("training:\n  lr: 1\n", "training.val_freq"), -1);
}

TEST(LaunchConfig, TheCommandDoesTheSame) {
    LaunchConfig config;
    config.set("name", "my run");
    const QString command = trainCommand(config.values(), true);
    EXPECT_TRUE(command.startsWith("emberview-cli train --queue model=state_sm ")) << command.toStdString();
    EXPECT_TRUE(command.contains("training.max_steps=2000"));
    EXPECT_EQ(shellWord("a'b c"), "'a'\\''b c'");
    EXPECT_EQ(shellWord("model=state_sm"), "model=state_sm");
}

class LaunchFormTest : public testing::Test {
protected:
    LaunchFormTest() : workspace((bundled_demo() / "wound_demo.h5ad").string()) {}
    void SetUp() override {
        form = std::make_unique<LaunchForm>(workspace);
        form->setFolder(folder.path());
        form->resize(1100, 700);
        form->show();
        form->choose(workspace.ref(), {});
        ASSERT_TRUE(settled());
    }
    void TearDown() override {
        form.reset();
        EXPECT_TRUE(workspace.waitForJobs());
    }
    /// Until what was edited has been checked.
    bool settled() {
        return QTest::qWaitFor([&] { return !form->state().startsWith("Checking"); }, 20000) &&
               workspace.waitForJobs();
    }
    template<typename Widget>
    Widget& find(const char* name) {
        auto* widget = form->findChild<Widget*>(name);
        if (widget == nullptr) {
            throw std::runtime_error(std::string("no widget ") + name);
        }
        return *widget;
    }
    QPlainTextEdit& text() { return find<QPlainTextEdit>("configText"); }

    QTemporaryDir folder;
    FakeWorkspace workspace;
    std::unique_ptr<LaunchForm> form;
};

TEST_F(LaunchFormTest, AFieldShowsInTheTextAndInTheCommand) {
    auto& rate = find<QLineEdit>("option-training.lr-value");
    rate.setFocus();
    rate.selectAll();
    QTest::keyClicks(&rate, "0.005");
    EXPECT_EQ(form->config().value("training.lr"), 0.005);
    EXPECT_THAT(text().toPlainText().toStdString(), HasSubstr("lr: 0.005"));
    EXPECT_THAT(find<QLineEdit>("configCommand").text().toStdString(), HasSubstr("training.lr=0.005"));
    auto& reset = find<QToolButton>("option-training.lr-reset");
    EXPECT_TRUE(reset.isVisible());
    reset.click();
    EXPECT_EQ(form->config().value("training.lr"), 1e-4);
    EXPECT_FALSE(reset.isVisible());
    EXPECT_EQ(rate.text().toDouble(), 1e-4);
}

TEST_F(LaunchFormTest, TheTextShowsInTheFields) {
    text().setPlainText(text().toPlainText() + "\ntraining.batch_size: 8\n");
    text().setPlainText("model:\n  kwargs:\n    lora:\n      enable: true\ntraining:\n  batch_size: 8\n");
    ASSERT_TRUE(QTest::qWaitFor([&] { return form->config().value("training.batch_size") == 8; }, 10000));
    EXPECT_EQ(find<QLineEdit>("option-training.batch_size-value").text(), "8");
    EXPECT_TRUE(find<QCheckBox>("launchLora").isChecked());
    EXPECT_EQ(form->config().preset(), "state");
    EXPECT_THAT(text().toPlainText().toStdString(), HasSubstr("batch_size: 8")); // as it was written
}

TEST_F(LaunchFormTest, AFaultInTheTextIsMarkedAtItsLine) {
    const nlohmann::json before = form->config().values();
    text().setPlainText("training:\n  lr: 0.001\n  batch_sise: 8\n");
    ASSERT_TRUE(QTest::qWaitFor([&] { return form->text()->hasFault(); }, 10000));
    EXPECT_THAT(find<QLabel>("configNote").text().toStdString(), HasSubstr("Line 3"));
    EXPECT_EQ(text().extraSelections().size(), 1);
    EXPECT_EQ(form->config().values(), before);
    EXPECT_FALSE(form->canStart());
    EXPECT_FALSE(find<QPushButton>("launchStartButton").isEnabled());
}

TEST_F(LaunchFormTest, TextThatIsNoNumberIsSaidAtTheField) {
    auto& steps = find<QLineEdit>("option-training.max_steps-value");
    steps.setFocus();
    steps.selectAll();
    QTest::keyClicks(&steps, "many");
    EXPECT_TRUE(form->row("training.max_steps")->hasError());
    EXPECT_FALSE(form->canStart());
    EXPECT_EQ(steps.text(), "many"); // what was typed stays
    steps.selectAll();
    QTest::keyClicks(&steps, "40");
    EXPECT_FALSE(form->row("training.max_steps")->hasError());
    EXPECT_EQ(form->config().value("training.max_steps"), 40);
}

TEST_F(LaunchFormTest, AnUnknownControlIsSaidAtItsField) {
    form->set("data.kwargs.control_pert", "no such label");
    ASSERT_TRUE(settled());
    EXPECT_TRUE(form->row("data.kwargs.control_pert")->hasError()) << form->state().toStdString();
    EXPECT_FALSE(form->canStart());
    EXPECT_THAT(form->state().toStdString(), HasSubstr("Cannot start"));
}

TEST_F(LaunchFormTest, AHoldOutKeepsTheColumnsAndEarlierSplits) {
    form->set("data.kwargs.batch_col", "");
    form->set("data.kwargs.control_pert", "no such label");
    auto& held = find<QComboBox>("launchHoldOut");
    const auto choose = [&](int at) {
        held.setCurrentIndex(at);
        emit held.activated(at);
        return settled();
    };
    ASSERT_TRUE(choose(0));
    EXPECT_EQ(form->config().value("data.kwargs.batch_col"), "");
    EXPECT_EQ(form->config().value("data.kwargs.control_pert"), "no such label");
    form->set("data.kwargs.control_pert", workspace.data().schema.control_pert.value);
    const QString split = folder.filePath("wound_demo_split.toml");
    QFile theirs(split);
    ASSERT_TRUE(theirs.open(QIODevice::WriteOnly));
    theirs.write("# of another\n");
    theirs.close();
    ASSERT_TRUE(choose(2));
    const std::string made = folder.filePath("wound_demo_split_2.toml").toStdString();
    EXPECT_EQ(form->config().value("data.kwargs.toml_config_path"), made);
    EXPECT_EQ(QFileInfo(split).size(), 13);
    EXPECT_EQ(form->config().value("data.kwargs.batch_col"), "");
    EXPECT_EQ(held.currentIndex(), 1);
    ASSERT_TRUE(choose(2)); // the same again is the same file
    EXPECT_EQ(form->config().value("data.kwargs.toml_config_path"), made);
    ASSERT_TRUE(choose(0));
    EXPECT_EQ(form->config().value("data.kwargs.toml_config_path"), nullptr);
    EXPECT_EQ(form->config().value("data.kwargs.batch_col"), "");
}

TEST_F(LaunchFormTest, TheHoldOutShowsTheSplitThatIsUsed) {
    form->set("data.kwargs.files", nlohmann::json::array());
    LaunchForm other(workspace);
    other.set("data.kwargs.toml_config_path", folder.filePath("split.toml").toStdString());
    auto& held = *other.findChild<QComboBox*>("launchHoldOut");
    held.setCurrentIndex(0);
    emit held.activated(0); // no data are chosen that could train without it
    EXPECT_EQ(held.currentIndex(), 1);
    ASSERT_TRUE(workspace.waitForJobs());
}

TEST_F(LaunchFormTest, WhatTheCommandLineRefusesIsSaidAtItsField) {
    for (const char* name : {"", "a/b"}) {
        form->set("name", name);
        ASSERT_TRUE(settled());
        EXPECT_TRUE(form->row("name")->hasError()) << name;
        EXPECT_FALSE(form->canStart());
    }
    form->set("name", "burn");
    form->set("model.kwargs.transformer_backbone_kwargs.num_key_value_heads", 5);
    ASSERT_TRUE(settled());
    EXPECT_FALSE(form->canStart());
    EXPECT_THAT(find<QLabel>("launchElsewhere").text().toStdString(), HasSubstr("num_key_value_heads"));
}

TEST_F(LaunchFormTest, ALabelWithSpacesCanBeTyped) {
    auto& label = find<QComboBox>("launchControl");
    label.setFocus();
    label.lineEdit()->selectAll();
    QTest::keyClicks(&label, "no such label");
    EXPECT_EQ(label.currentText(), "no such label");
    EXPECT_EQ(form->config().value("data.kwargs.control_pert"), "no such label");
}

TEST_F(LaunchFormTest, TheFormWaitsWhileTheTextHasAFault) {
    const QString good = text().toPlainText();
    text().setPlainText("training:\n  batch_sise: 8\n");
    ASSERT_TRUE(QTest::qWaitFor([&] { return form->text()->hasFault(); }, 10000));
    EXPECT_FALSE(find<QLineEdit>("option-training.lr-value").isEnabled());
    text().setPlainText(good);
    ASSERT_TRUE(QTest::qWaitFor([&] { return !form->text()->hasFault(); }, 10000));
    EXPECT_TRUE(find<QLineEdit>("option-training.lr-value").isEnabled());
}

TEST_F(LaunchFormTest, AFieldEditedAfterTheTextHolds) {
    text().setPlainText(text().toPlainText().replace("batch_size: 4", "batch_size: 6"));
    form->set("training.batch_size", 12); // before the text was read
    QTest::qWait(600);
    ASSERT_TRUE(workspace.waitForJobs());
    EXPECT_EQ(form->config().value("training.batch_size"), 12);
    EXPECT_THAT(text().toPlainText().toStdString(), HasSubstr("batch_size: 12"));
}

TEST_F(LaunchFormTest, AllOptionsLeaveTheCommandAsItIs) {
    form->setBusyRuns(1);
    find<QCheckBox>("launchQueue").setChecked(true);
    const QString command = find<QLineEdit>("configCommand").text();
    EXPECT_TRUE(command.contains("--queue"));
    find<QCheckBox>("configAll").setChecked(true);
    EXPECT_EQ(find<QLineEdit>("configCommand").text(), command);
}

TEST_F(LaunchFormTest, ACancelledCheckCanBeMadeAgain) {
    workspace.holdsJobs = true;
    form->set("training.max_steps", 60);
    const std::size_t before = workspace.jobs.size();
    ASSERT_TRUE(QTest::qWaitFor([&] { return workspace.jobs.size() > before; }, 10000));
    workspace.jobs.back()->cancel();
    ASSERT_TRUE(QTest::qWaitFor([&] { return form->state().contains("cancelled"); }, 10000));
    workspace.holdsJobs = false;
    auto& go = find<QPushButton>("launchStartButton");
    ASSERT_TRUE(go.isEnabled());
    go.click();
    ASSERT_TRUE(settled());
    EXPECT_FALSE(form->state().contains("cancelled")) << form->state().toStdString();
}

TEST_F(LaunchFormTest, OptionsAreFoundBySearching) {
    EXPECT_EQ(form->row("training.gradient_clip_val"), nullptr); // made on demand
    find<QLineEdit>("launchSearch").setText("clip");
    ASSERT_NE(form->row("training.gradient_clip_val"), nullptr);
    EXPECT_TRUE(form->row("training.gradient_clip_val")->isVisible());
    EXPECT_FALSE(form->row("training.optimizer") != nullptr && form->row("training.optimizer")->isVisible());
    find<QLineEdit>("launchSearch").clear();
    EXPECT_EQ(unnamedControls(*form), QStringList());
}

TEST_F(LaunchFormTest, TheSessionKeepsTheChoices) {
    form->set("training.lr", 0.003);
    form->set("model.kwargs.use_mhc", true);
    LaunchForm again(workspace);
    again.restore(form->settings());
    EXPECT_EQ(again.config().values(), form->config().values());
    EXPECT_EQ(again.settings(), form->settings());
    ASSERT_TRUE(workspace.waitForJobs());
}

TEST(RunStart, TheConfigurationIsWrittenBesideTheRun) {
    QTemporaryDir folder;
    LaunchConfig config;
    config.set("output_dir", folder.path().toStdString());
    config.set("name", "burn_1");
    const RunToStart start = writeConfiguration(config.values(), true);
    EXPECT_EQ(start.run, folder.filePath("burn_1"));
    EXPECT_EQ(start.arguments,
              (QStringList{"train", "--config", folder.filePath(".burn_1.start.yaml"), "--queue"}));
    EXPECT_FALSE(QFile::exists(folder.filePath("burn_1.yaml"))); // may be a file of the user's
    EXPECT_EQ(resolve_config(start.arguments.at(2).toStdString(), {}).values, config.values());
}

TEST(RunStart, AStartedProcessOutlivesItsStarterAndWritesItsLog) {
    QTemporaryDir folder;
    qputenv("EMBER_CLI", "/bin/sh");
    RunToStart run;
    run.arguments = QStringList{"-c", "echo started; echo wrong >&2; exec sleep 30"};
    run.log = folder.filePath("log.txt");
    const qint64 pid = startRun(run);
    qunsetenv("EMBER_CLI");
    EXPECT_TRUE(isAlive(pid));
    EXPECT_TRUE(QTest::qWaitFor([&] { return lastLines(run.log, 5) == "started\nwrong"; }, 5000));
    ::kill(static_cast<pid_t>(pid), SIGKILL);
    EXPECT_TRUE(QTest::qWaitFor([&] { return !isAlive(pid); }, 5000));
}

} // namespace
} // namespace ember

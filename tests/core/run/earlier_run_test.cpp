#include "core/run/earlier_run.hpp"

#include <gtest/gtest.h>

#include "archive_writer.hpp"
#include "core/base/error.hpp"
#include "scratch_folder.hpp"

namespace ember {
namespace {

namespace fs = std::filesystem;
using test::ScratchFolder;
using test::write_text;

std::string refusal(const fs::path& run, bool overwrite = false) {
    return test::class_of([&] { check_fresh_run(run, overwrite); });
}

TEST(EarlierRun, AFreshRunMayStartInAnEmptyFolderOrWhereOneEndedBeforeItsFirstCheckpoint) {
    const ScratchFolder folder;
    const fs::path run = folder / "run";
    EXPECT_NO_THROW(check_fresh_run(run, false));
    write_text(run / "status.json", "{}");
    write_text(run / "config.yaml", "a: 1");
    write_text(run / "lock", "");
    write_text(run / ".git/HEAD", "");
    write_text(run / "checkpoints/.last.ckpt.17.part", "half");
    EXPECT_NO_THROW(check_fresh_run(run, false));
}

TEST(EarlierRun, ResultsAndFilesOfOthersAreRefused) {
    const ScratchFolder folder;
    const fs::path config = folder / "config", link = folder / "link", eval = folder / "eval",
                   notes = folder / "notes";
    write_text(config / "config.yaml", "by: hand");
    write_text(link / "checkpoints/best", "not named .ckpt");
    write_text(eval / "eval_final.ckpt/results.csv", "1");
    for (const fs::path& run : {config, link, eval}) {
        EXPECT_EQ(refusal(run), "WouldOverwrite") << run;
        EXPECT_NO_THROW(check_fresh_run(run, true)) << run;
    }
    write_text(notes / "notes.txt", "mine");
    EXPECT_EQ(refusal(notes, true), "WouldOverwrite");
    EXPECT_EQ(refusal(notes / "notes.txt", true), "WouldOverwrite");
}

TEST(EarlierRun, OnlyWhatARunWritesIsRemoved) {
    const ScratchFolder folder;
    const fs::path run = folder / "run";
    const std::vector<std::string> ours = {"config.yaml",
                                           "pert_onehot_map.pt",
                                           "batch_onehot_map.pkl",
                                           "var_dims.pkl",
                                           "data_module.torch",
                                           "init_report.json",
                                           ".config.yaml.12.part",
                                           "checkpoints/last.ckpt",
                                           "checkpoints/.best.ckpt.3.part",
                                           "version_0/metrics.csv",
                                           "version_0/events.out.tfevents.1.host",
                                           "monitor/predicted.npy"};
    const std::vector<std::string> others = {"status.json",
                                             "control",
                                             "lock",
                                             "log.txt",
                                             "notes.txt",
                                             ".git/HEAD",
                                             ".status.json.12.part",
                                             ".control.12.part",
                                             ".notes.part",
                                             "checkpoints/notes.txt",
                                             "checkpoints/best.ckpt.d/notes",
                                             "version_0/notes.md",
                                             "monitor/mine.npy",
                                             "eval_final.ckpt/results.csv"};
    for (const auto* names : {&ours, &others}) {
        for (const std::string& name : *names) {
            write_text(run / name, "x");
        }
    }
    clear_earlier_run(run);
    for (const std::string& name : ours) {
        EXPECT_FALSE(fs::exists(run / name)) << name;
    }
    for (const std::string& name : others) {
        EXPECT_TRUE(fs::exists(run / name)) << name;
    }
    EXPECT_NO_THROW(clear_earlier_run(folder / "none"));
}

} // namespace
} // namespace ember

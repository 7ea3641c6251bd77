// The commands of users' notes, as they stand there after `emberview-cli train`, and what a run leaves.

#include <csignal>
#include <fstream>
#include <unistd.h>

#include <gmock/gmock.h>

#include "train_folder.hpp"

namespace {

using namespace ember;
using ember::test::Outcome;
using testing::HasSubstr;
using testing::Not;

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

const Words wound = {"data.kwargs.embed_key=X",       "data.kwargs.pert_col=condition",
                     "data.kwargs.control_pert=Sham", "model.kwargs.lora.enable=true",
                     "model.kwargs.lora.r=16",        "model.kwargs.use_mhc=false",
                     "training.max_epochs=10",        "output_dir=st_lora_gene"};
const Words steadier = {"model.kwargs.use_mhc=true", "model.kwargs.mhc.sinkhorn_iters=10"};
const std::string lab_folder = "/home/scumpia-mrl/state_models/st_lora_mhc_velocity";
const Words along_velocity = {"data.kwargs.embed_key=X_state",
                              "data.kwargs.pert_col=condition",
                              "data.kwargs.control_pert=sham",
                              "model.kwargs.lora.enable=true",
                              "model.kwargs.lora.r=16",
                              "model.kwargs.use_mhc=true",
                              "model.kwargs.use_velocity_alignment=true",
                              "model.kwargs.velocity_lambda=0.1",
                              "model.kwargs.velocity_warmup_steps=1000",
                              "model.kwargs.velocity_min_confidence=0.3",
                              "training.max_epochs=5",
                              "output_dir=" + lab_folder,
                              "name=st_lora_mhc_velocity_burn_sham"};
/// A model that is trained in no time.
const Words small = {"model.kwargs.cell_set_len=8",
                     "model.kwargs.hidden_dim=16",
                     "model.kwargs.transformer_backbone_kwargs.num_hidden_layers=2",
                     "model.kwargs.transformer_backbone_kwargs.num_attention_heads=2",
                     "model.kwargs.transformer_backbone_kwargs.head_dim=8",
                     "model.kwargs.transformer_backbone_kwargs.intermediate_size=32",
                     "model.kwargs.transformer_backbone_kwargs.vocab_size=8",
                     "+model.kwargs.decoder_hidden_dims=[16,8]",
                     "training.batch_size=4",
                     "+training.log_every_n_steps=1",
                     "use_wandb=false"};

Words joined(std::initializer_list<Words> parts) {
    Words all;
    for (const Words& part : parts) {
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

class TrainSeeds : public ember::test::TrainTest {};

TEST_F(TrainSeeds, TheCommandsOfTheNotesPassThePreparation) {
    write_cells("burn_sham.h5ad", "Sham");
    const Outcome plain = train(joined({wound, {"--check", "--json"}}));
    EXPECT_EQ(plain.status, 0) << plain.out << plain.err;
    EXPECT_EQ(plain.json()["can_start"], true);
    EXPECT_EQ(plain.json()["run_directory"], "st_lora_gene/debug");
    EXPECT_EQ(plain.json()["train"]["cells"], 48);
    EXPECT_GT(plain.json()["estimate"]["parameters"].get<double>(), 7e7);
    EXPECT_THAT(plain.err, HasSubstr("burn_sham.h5ad"));
    const Outcome mhc = train(joined({wound, steadier, {"--check"}}));
    EXPECT_EQ(mhc.status, 0) << mhc.out << mhc.err;
}

TEST_F(TrainSeeds, TheVelocityCommandOnlyMissesItsFolder) {
    write_cells("burn_sham_with_velocity.h5ad", "sham");
    const Outcome check = train(joined({along_velocity, {"--check", "--json"}}));
    ASSERT_TRUE(check.status == 0 || check.status == 3) << check.out << check.err;
    for (const auto& finding : check.json()["findings"]) {
        if (finding["fault"] == true) {
            EXPECT_EQ(finding["class"], "CannotWrite") << finding; // the folder of that laboratory
        }
    }
    EXPECT_EQ(check.json()["run_directory"], lab_folder + "/st_lora_mhc_velocity_burn_sham");
    EXPECT_FALSE(fs::exists(lab_folder));
}

TEST_F(TrainSeeds, TheParametersOfTheNotesAreUnderstood) {
    write_cells("tahoe.h5ad", "DMSO_TF_00");
    const Outcome check = train({"data.kwargs.pert_col=condition", "data.kwargs.control_pert=DMSO_TF_00",
                                 "data.kwargs.embed_key=X_state", "training.max_steps=100000",
                                 "training.batch_size=64", "training.lr=1e-4", "training.weight_decay=0.0005",
                                 "training.val_freq=100", "training.ckpt_every_n_steps=1000",
                                 "model.kwargs.cell_set_len=256", "model.kwargs.hidden_dim=1488",
                                 "model.kwargs.n_encoder_layers=4", "model.kwargs.n_decoder_layers=4",
                                 "model.kwargs.loss=energy", "model.kwargs.predict_residual=true",
                                 "use_wandb=true", "wandb.project=state_tx_tahoe", "--check", "--json"});
    ASSERT_TRUE(check.status == 0 || check.status == 4) << check.out << check.err;
    EXPECT_THAT(check.err, HasSubstr("TensorBoard"));
}

TEST_F(TrainSeeds, TheCommandsTrainAndPredict) {
    write_cells("burn_sham.h5ad", "Sham");
    const Outcome both = train(joined({wound, steadier, small, {"name=mhc", "--json"}}));
    ASSERT_EQ(both.status, 0) << both.out << both.err;
    const Outcome trained = train(joined({wound, small, {"--json"}}));
    ASSERT_EQ(trained.status, 0) << trained.out << trained.err;
    EXPECT_EQ(trained.json()["state"], "finished");
    EXPECT_EQ(trained.json()["epochs"], 10);
    const Outcome status = train({"status", "st_lora_gene"});
    EXPECT_THAT(status.out, HasSubstr("finished"));
    const Outcome predicted = run({"infer", "--adata", "burn_sham.h5ad", "--model-dir", "st_lora_gene/debug",
                                   "--output", "predicted.npy", "--json"});
    EXPECT_EQ(predicted.status, 0) << predicted.out << predicted.err;
    const Outcome again = train(joined({wound, small, {"--json"}}));
    EXPECT_EQ(again.status, 3);
    EXPECT_EQ(again.error_class(), "WouldOverwrite");
    EXPECT_THAT(again.out, HasSubstr("resume"));
}

TEST_F(TrainSeeds, TheVelocityCommandTrains) {
    write_cells("burn_sham_with_velocity.h5ad", "sham");
    Words here = joined({along_velocity, small, {"--json"}});
    for (Words::iterator word = here.begin(); word != here.end(); ++word) {
        *word = word->starts_with("output_dir=") ? "output_dir=models" : *word;
    }
    const Outcome trained = train(here);
    ASSERT_EQ(trained.status, 0) << trained.out << trained.err;
    const std::string curves =
        ember::test::content_of(folder / "models/st_lora_mhc_velocity_burn_sham/version_0/metrics.csv");
    EXPECT_THAT(curves, HasSubstr("velocity_cosine_similarity"));
}

TEST_F(TrainSeeds, AFileAndWordsMakeTheSameRun) {
    write_cells("cells.h5ad", "Sham");
    std::ofstream(folder / "c.yaml")
        << "data: {pert_col: condition, control_pert: Sham, embed_key: X_state, output_space: embedding}\n"
           "model: {lora: {enable: true, r: 2}, velocity_lambda: 0.1}\n"
           "learning_rate: 2e-5\ngradient_clip_val: 0.5\nname: short\n";
    const Outcome trained = train(joined({{"c.yaml"}, small, {"training.max_steps=2", "--quiet"}}));
    ASSERT_EQ(trained.status, 0) << trained.out << trained.err;
    EXPECT_THAT(trained.out, HasSubstr("emberview-cli infer"));
    const std::string saved = ember::test::content_of(folder / "debugging/short/config.yaml");
    EXPECT_THAT(saved, HasSubstr("\n  lr: 2.0e-05\n"));
    EXPECT_THAT(saved, HasSubstr("\n  gradient_clip_val: 0.5\n"));
    const Outcome longer = train({"resume", "debugging/short", "training.max_steps=3", "--json"});
    ASSERT_EQ(longer.status, 0) << longer.out << longer.err;
    EXPECT_EQ(longer.json()["steps"], 3);
}

TEST_F(TrainSeeds, FaultsAreToldBesideTheirOptions) {
    write_cells("cells.h5ad", "Sham");
    const Outcome control =
        train({"data.kwargs.pert_col=condition", "data.kwargs.control_pert=sham", "--json"});
    EXPECT_EQ(control.status, 3);
    EXPECT_EQ(control.error_class(), "UnknownControl");
    EXPECT_THAT(control.out, HasSubstr("'Sham'"));
    EXPECT_THAT(control.out, HasSubstr("data.kwargs.control_pert"));
    const Outcome column = train({"data.kwargs.pert_col=conditions", "--json"});
    EXPECT_EQ(column.status, 3);
    EXPECT_THAT(column.out, HasSubstr("'condition'"));
    const Outcome place = train({"data.kwargs.pert_col=condition", "output_dir=cells.h5ad", "--json"});
    EXPECT_EQ(place.error_class(), "CannotWrite");
    const Outcome key = train(joined({{"data.kwargs.embed_key=X_stat"}, {"--check", "--json"}}));
    EXPECT_EQ(key.status, 3);
    EXPECT_EQ(key.json()["can_start"], false);
    EXPECT_FALSE(fs::exists(folder / "debugging"));
}

TEST_F(TrainSeeds, AnInterruptedRunGoesOn) {
    write_cells("cells.h5ad", "Sham");
    const Words words = joined({{"train", "data.kwargs.pert_col=condition", "data.kwargs.control_pert=Sham",
                                 "training.max_steps=1000000", "training.ckpt_every_n_steps=0"},
                                small});
    const pid_t process = start(words);
    const fs::path last = folder / "debugging/debug/checkpoints/last.ckpt";
    for (int i = 0; i < 2000 && !fs::exists(last); ++i) {
        usleep(10'000);
    }
    kill(process, SIGINT);
    const Outcome stopped = end_of(process);
    EXPECT_EQ(stopped.status, 130) << stopped.err;
    EXPECT_THAT(stopped.out, HasSubstr("train resume debugging/debug"));
    const Outcome status = train({"status", "debugging", "--json"});
    const auto run = status.json()["runs"][0];
    EXPECT_EQ(run["state"], "stopped");
    const std::int64_t step = run["step"];
    const std::string more = "training.max_steps=" + std::to_string(step + 2);
    const Outcome resumed = train({"resume", "debugging/debug", more, "--json"});
    ASSERT_EQ(resumed.status, 0) << resumed.out << resumed.err;
    EXPECT_EQ(resumed.json()["steps"], step + 2);
}

} // namespace

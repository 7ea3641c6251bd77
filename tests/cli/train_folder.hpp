#pragma once
// A working folder with small cells to train on.

#include "core/data/h5ad_writer.hpp"
#include "program.hpp"

namespace ember::test {

/// Runs `train` with the test's folder as the working folder.
class TrainTest : public CliTest {
protected:
    void SetUp() override {
        CliTest::SetUp();
        start_folder_ = std::filesystem::current_path();
        std::filesystem::current_path(folder);
    }
    void TearDown() override {
        std::filesystem::current_path(start_folder_);
        CliTest::TearDown();
    }

    Outcome train(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), "train");
        return run(arguments);
    }

    /// Two cell types, `control` and Burn; X of 12 genes, obsm/X_state and obsm/velocity_latent of width 12,
    /// obs/velocity_confidence.
    void write_cells(const std::string& name, const std::string& control, std::size_t cells = 48) const {
        NewAnnData data;
        TextColumn condition, type;
        NumericColumn confidence;
        std::vector<float> state, velocity;
        for (std::size_t i = 0; i < cells; ++i) {
            const bool burnt = i % 2 == 1, fibroblast = i % 4 > 1;
            data.obs_names.push_back("cell" + std::to_string(i));
            condition.values.push_back(burnt ? "Burn" : control);
            type.values.push_back(fibroblast ? "Fib" : "Mac");
            confidence.values.push_back(i % 5 == 0 ? 0.1 : 0.9);
            for (std::size_t j = 0; j < 12; ++j) {
                data.x.push_back(static_cast<float>((i * 7 + j * 3) % 5) + (burnt ? 1.0F : 0.0F));
            }
            for (std::size_t j = 0; j < 12; ++j) {
                state.push_back(static_cast<float>((i * 5 + j) % 7) / 7 + (burnt ? 0.5F : 0.0F));
                velocity.push_back(j == i % 12 ? 1.0F : 0.25F);
            }
        }
        for (std::size_t j = 0; j < 12; ++j) {
            data.var_names.push_back("gene" + std::to_string(j));
        }
        data.obs = {{"condition", "object", condition},
                    {"cell_type", "object", type},
                    {"velocity_confidence", "float64", confidence}};
        data.obsm = {{"X_state", state}, {"velocity_latent", velocity}};
        write_h5ad(data, folder / name);
    }

private:
    std::filesystem::path start_folder_;
};

} // namespace ember::test

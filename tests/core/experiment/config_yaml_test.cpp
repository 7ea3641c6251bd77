#include <gmock/gmock.h>

#include <random>

#include "core/experiment/config_schema.hpp"
#include "core/experiment/config_tree.hpp"
#include "core/experiment/training_config.hpp"
#include "core/run/yaml_config.hpp"
#include "scratch_folder.hpp"

namespace {

using namespace ember;
using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;

TEST(ConfigYaml, IsReadBackTheSame) {
    const std::vector<std::string> overrides = {"model=state_sm",
                                                "training.lr=1e-6",
                                                "data.kwargs.control_pert='no'",
                                                "name=1e4",
                                                "data.kwargs.pert_col=drug: dose # µM",
                                                "wandb.tags=[a,'true','0x1']"};
    const json values = resolve_config({}, overrides).values;
    const std::string yaml = config_yaml(values);
    EXPECT_EQ(parse_yaml(yaml, "config.yaml"), values);
    EXPECT_THAT(yaml, StartsWith("data:\n  name: PerturbationDataModule\n"));
    EXPECT_THAT(yaml, HasSubstr("\n  lr: 1.0e-06\n"));
    EXPECT_THAT(yaml, HasSubstr("control_pert: \"no\"\n"));
    EXPECT_THAT(yaml, HasSubstr("name: \"1e4\"\n"));
    EXPECT_THAT(yaml, HasSubstr("files: []\n"));
}

TEST(ConfigYaml, AFileOfOurOwnGivesTheSameConfiguration) {
    const std::vector<std::string> overrides = {"training.lr=1e-6", "model.kwargs.cell_set_len=32",
                                                "model.kwargs.lora.target_modules=[q_proj]"};
    const json values = resolve_config({}, overrides).values;
    class Folder : public ember::test::ScratchTest {
    public:
        void TestBody() override {}
        using ScratchTest::SetUp;
        using ScratchTest::TearDown;
        using ScratchTest::write;
    } scratch;
    scratch.SetUp();
    EXPECT_EQ(resolve_config(scratch.write("c.yaml", config_yaml(values)), {}).values, values);
    scratch.TearDown();
}

TEST(ConfigYaml, AnyTextIsReadBack) {
    std::mt19937 random(11);
    const std::vector<std::string> pieces = {
        "a", "no", "1", "e", "-",    ":",    " ",      "#",      "'",      "\"", "\\",  "\n",  "\t", "{",
        "]", "é",  "…", "~", "\x7f", "\x01", "\u0085", "\u2028", "\ufeff", "😀",  "${",  "}",   "%",  "&",
        "*", "?",  "|", ">", "!",    "@",    "`",      "null",   "0x1",    ".",  "1e5", "true"};
    for (int round = 0; round < 5'000; ++round) {
        std::string text, name = "k";
        for (auto left = random() % 5; left != 0; --left) {
            text += pieces[random() % pieces.size()];
            name += pieces[random() % 12];
        }
        const json values = {
            {"data", {{name, text}, {"list", json::array({text, 1.5, nullptr, true})}}},
            {"number", std::ldexp(1.0 + random() % 1000, static_cast<int>(random() % 80) - 40)}};
        EXPECT_EQ(parse_yaml(config_yaml(values), "c"), values) << config_yaml(values);
    }
}

} // namespace

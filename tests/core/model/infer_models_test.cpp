// Models with parts that the stored runs lack: a batch encoder, a decoder of all genes, another backbone.

#include <algorithm>
#include <cstring>
#include <fstream>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/data/anndata.hpp"
#include "core/data/h5ad_writer.hpp"
#include "core/run/checkpoint.hpp"
#include "infer_case.hpp"

using namespace ember;
using namespace ember::test;
using testing::ElementsAre;
using testing::HasSubstr;
namespace fs = std::filesystem;

namespace {

struct Tensor {
    std::vector<std::int64_t> shape;
    std::vector<float> values;
};
using Tensors = std::map<std::string, Tensor>;

Tensors read_tensors(const fs::path& file) {
    Tensors tensors;
    const auto checkpoint = Checkpoint::open(file);
    for (const TensorView& view : checkpoint->tensors()) {
        Tensor& tensor = tensors[view.name];
        tensor.shape = view.shape;
        tensor.values.resize(static_cast<std::size_t>(view.numel()));
        std::memcpy(tensor.values.data(), view.data, tensor.values.size() * sizeof(float));
    }
    return tensors;
}

void write_safetensors(const fs::path& target, const Tensors& tensors) {
    nlohmann::json header;
    std::uint64_t offset = 0;
    for (const auto& [name, tensor] : tensors) {
        const std::uint64_t end = offset + tensor.values.size() * sizeof(float);
        header[name] = {{"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {offset, end}}};
        offset = end;
    }
    const std::string text = header.dump();
    const std::uint64_t size = text.size();
    std::ofstream out(target, std::ios::binary);
    out.write(reinterpret_cast<const char*>(&size), sizeof size);
    out << text;
    for (const auto& [name, tensor] : tensors) {
        out.write(reinterpret_cast<const char*>(tensor.values.data()),
                  static_cast<std::streamsize>(tensor.values.size() * sizeof(float)));
    }
}

/// A run directory with tiny's maps and other weights.
void write_run(const fs::path& folder, const Tensors& tensors) {
    fs::create_directories(folder / "checkpoints");
    for (const char* name : {"config.yaml", "pert_onehot_map.pt", "batch_onehot_map.torch", "var_dims.pkl"}) {
        fs::copy_file(state / "run_tiny" / name, folder / name, fs::copy_options::overwrite_existing);
    }
    write_safetensors(folder / "checkpoints/final.safetensors", tensors);
}

void write_batches(const fs::path& target, const std::vector<std::string>& labels) {
    const auto data = AnnData::open(state / "tiny.h5ad");
    TextColumn batches;
    for (std::uint64_t cell = 0; cell < data->n_obs(); ++cell) {
        batches.values.push_back(labels[cell % labels.size()]);
    }
    JobContext job;
    H5adCopy copy(*data, target, {}, job);
    copy.set_obs({"gem_group", "string-array", batches});
    copy.finish();
}

std::vector<double> as_doubles(const std::vector<float>& values) {
    return {values.begin(), values.end()};
}

/// tiny with a batch encoder whose first batch b1 adds nothing and whose second adds `shift`; and tiny with
/// `shift` in the bias of the perturbation encoder, which adds it to every cell.
class BatchEncoder : public testing::Test {
protected:
    void SetUp() override {
        Tensors tensors = read_tensors(state / "run_tiny/checkpoints/final.ckpt");
        Tensor& bias = tensors.at("pert_encoder.9.bias");
        const std::size_t width = bias.values.size();
        Tensor encoder{{2, static_cast<std::int64_t>(width)}, std::vector<float>(2 * width, 0.0f)};
        Tensors shifted = tensors;
        for (std::size_t i = 0; i < width; ++i) {
            const float shift = 0.3f * static_cast<float>(static_cast<int>(i % 7) - 3);
            encoder.values[width + i] = shift;
            shifted.at("pert_encoder.9.bias").values[i] += shift;
        }
        tensors["batch_encoder.weight"] = encoder;
        write_run(scratch / "run", tensors);
        write_run(scratch / "shifted", shifted);
        request = tiny_request();
        plain = as_doubles(infer(request).prediction);
        request.model_dir = scratch / "shifted";
        with_shift = as_doubles(infer(request).prediction);
        request.model_dir = scratch / "run";
        request.adata = scratch / "cells.h5ad";
    }

    const Scratch scratch;
    InferRequest request;
    std::vector<double> plain, with_shift;
};

} // namespace

TEST_F(BatchEncoder, AddsTheEncodingOfEachCellsBatch) {
    ASSERT_GT(worst_difference({plain.begin(), plain.end()}, with_shift), 0.01);
    write_batches(request.adata, {"b2"});
    InferResult result = infer(request);
    EXPECT_LE(worst_difference(result.prediction, with_shift), 1e-4);
    EXPECT_EQ(result.batch_col, "gem_group");
    EXPECT_THAT(result.warnings, testing::IsEmpty());
    write_batches(request.adata, {"b1"});
    EXPECT_LE(worst_difference(infer(request).prediction, plain), 1e-4);
    write_batches(request.adata, {"b1", "b2"});
    result = infer(request);
    EXPECT_GT(worst_difference(result.prediction, plain), 1e-4);
    EXPECT_GT(worst_difference(result.prediction, with_shift), 1e-4);
}

TEST_F(BatchEncoder, AnUnknownBatchIsTheFirstWithOneWarning) {
    write_batches(request.adata, {"elsewhere"});
    const InferResult result = infer(request);
    EXPECT_LE(worst_difference(result.prediction, plain), 1e-4);
    EXPECT_THAT(result.warnings, ElementsAre(HasSubstr("'elsewhere'")));
}

TEST_F(BatchEncoder, WithoutAColumnTheTermIsLeftOutUnlessOneWasAskedFor) {
    std::ofstream(scratch / "run/config.yaml") << "model: {kwargs: {cell_set_len: 16, "
                                                  "transformer_backbone_kwargs: {num_attention_heads: 4}}}\n"
                                                  "data: {kwargs: {batch_col: plate}}\n";
    request.adata = state / "tiny.h5ad";
    request.batch_col.clear();
    const InferResult result = infer(request);
    EXPECT_LE(worst_difference(result.prediction, plain), 1e-4);
    EXPECT_EQ(result.batch_col, "");
    EXPECT_THAT(result.warnings, ElementsAre(HasSubstr("'plate'")));
    request.batch_col = "plate";
    EXPECT_EQ(failure(request).class_name, "MissingMember");
}

TEST(DecodedGenes, GoIntoXInTheOrderOfTheData) {
    const Scratch scratch;
    const fs::path variant = state / "variants/space_all_residual";
    Tensors tensors = read_tensors(variant / "weights.safetensors");
    Tensor& first = tensors.at("pert_encoder.0.weight"); // [hidden × 5], tiny's map has 6 perturbations
    Tensor wider{{first.shape[0], 6}, {}};
    for (std::size_t i = 0; i < first.values.size(); ++i) {
        wider.values.push_back(first.values[i]);
        if (i % 5 == 4) {
            wider.values.push_back(0.0f);
        }
    }
    first = wider;
    write_run(scratch / "run", tensors);
    fs::remove(scratch / "run/var_dims.pkl");
    std::ifstream in(variant / "hparams.json");
    nlohmann::json settings = nlohmann::json::parse(in);
    NewAnnData made;
    for (int gene = 0; gene < 30; ++gene) {
        made.var_names.push_back("gene" + std::to_string(gene));
    }
    settings["gene_names"] = made.var_names;
    std::ofstream(scratch / "run/config.yaml") << nlohmann::json{{"model", {{"kwargs", settings}}}};
    made.obs.push_back(
        {"gene", "category", CategoricalColumn{{"control", "pert_A"}, {0, 1, 0, 1, 1, 0}, false}});
    std::vector<float> embedding;
    for (int cell = 0; cell < 6; ++cell) {
        made.obs_names.push_back("cell" + std::to_string(cell));
        for (int i = 0; i < 24; ++i) {
            embedding.push_back(0.1f * static_cast<float>((cell * 5 + i * 3) % 11));
        }
    }
    made.x.assign(6 * 30, 0.0f);
    made.obsm.emplace_back("X_emb", embedding);
    write_h5ad(made, scratch / "model_order.h5ad");
    std::reverse(made.var_names.begin(), made.var_names.end());
    write_h5ad(made, scratch / "reversed.h5ad");
    made.var_names.front() = "another";
    write_h5ad(made, scratch / "unmatched.h5ad");

    const auto decoded = [&](const std::string& name) {
        InferRequest request;
        request.adata = scratch / (name + ".h5ad");
        request.model_dir = scratch / "run";
        request.pert_col = "gene";
        request.control_pert = "control";
        request.output = scratch / (name + "_out.h5ad");
        const InferResult result = infer(request);
        EXPECT_EQ(result.written_to, "obsm/X_emb");
        EXPECT_EQ(std::count_if(result.warnings.begin(), result.warnings.end(),
                                [](const auto& text) { return text.find("29 of") != std::string::npos; }),
                  name == "unmatched" ? 1 : 0);
        const auto x = AnnData::open(request.output)->matrix({});
        std::vector<float> values(6 * 30);
        x->read_rows(0, 6, values);
        return values;
    };
    const auto in_order = decoded("model_order"), reversed = decoded("reversed");
    EXPECT_GT(*std::max_element(in_order.begin(), in_order.end()), 0.0f);
    EXPECT_EQ(decoded("unmatched"), in_order);
    for (std::size_t cell = 0; cell < 6; ++cell) {
        for (std::size_t gene = 0; gene < 30; ++gene) {
            ASSERT_EQ(reversed[cell * 30 + 29 - gene], in_order[cell * 30 + gene]);
        }
    }
}

TEST(OtherBackbones, AreRefusedByName) {
    const Scratch scratch;
    Tensors tensors = read_tensors(state / "run_tiny/checkpoints/final.ckpt");
    tensors["transformer_backbone.wpe.weight"] = {{16, 48}, std::vector<float>(16 * 48, 0.0f)};
    tensors["transformer_backbone.h.0.ln_1.weight"] = {{48}, std::vector<float>(48, 1.0f)};
    write_run(scratch / "run", tensors);
    InferRequest request = tiny_request();
    request.model_dir = scratch / "run";
    const Failure found = failure(request);
    EXPECT_EQ(found.class_name, "UnsupportedModel");
    EXPECT_THAT(found.text, HasSubstr("GPT-2"));
}

#include "core/model/infer_output.hpp"

#include <algorithm>
#include <numeric>

#include "core/base/atomic_file.hpp"
#include "core/base/error.hpp"
#include "core/data/h5ad_writer.hpp"
#include "core/data/npy.hpp"

namespace ember {

namespace {

/// The labels as a category column: levels in code point order, only those that occur.
Column label_column(const std::string& name, const CellsToPredict& cells) {
    std::vector<std::uint32_t> used(cells.pert);
    std::sort(used.begin(), used.end());
    used.erase(std::unique(used.begin(), used.end()), used.end());
    std::sort(used.begin(), used.end(),
              [&](std::uint32_t a, std::uint32_t b) { return cells.pert_names[a] < cells.pert_names[b]; });
    CategoricalColumn levels;
    std::vector<std::int32_t> code(cells.pert_names.size(), -1);
    for (const std::uint32_t pert : used) {
        code[pert] = static_cast<std::int32_t>(levels.categories.size());
        levels.categories.push_back(cells.pert_names[pert]);
    }
    for (const std::uint32_t pert : cells.pert) {
        levels.codes.push_back(code[pert]);
    }
    return {name, "category", std::move(levels)};
}

class H5adSink final : public PredictionSink {
public:
    H5adSink(const InferRequest& request, const AnnData& data, const std::string& pert_col,
             const CellsToPredict& cells, OutputMembers members, JobContext& job)
        : members_(std::move(members)),
          copy_(data, request.output, cells.edited ? RowSelection(cells.source) : RowSelection{}, job) {
        const auto& keys = data.uns_keys();
        if (std::find(keys.begin(), keys.end(), "emberview") != keys.end()) {
            earlier_ = data.uns("emberview");
        }
        if (!earlier_.is_object()) {
            earlier_ = nlohmann::json::object();
        }
        if (cells.relabelled) {
            copy_.set_obs(label_column(pert_col, cells));
        }
        if (!cells.names.empty()) {
            copy_.rename_obs(cells.names);
        }
        copy_.begin_dense(members_.prediction, members_.width);
        if (!members_.genes.empty()) {
            copy_.begin_dense(members_.genes, members_.gene_width);
        }
    }

    void write(std::span<const std::uint64_t> rows, std::span<const float> prediction,
               std::span<const float> genes) override {
        copy_.write_rows(members_.prediction, rows, prediction);
        if (!members_.genes.empty()) {
            copy_.write_rows(members_.genes, rows, genes);
        }
    }

    void finish(const nlohmann::json& provenance) override {
        nlohmann::json records = earlier_;
        records["infer"] = provenance;
        copy_.set_uns("emberview", records);
        copy_.finish();
    }

private:
    OutputMembers members_;
    nlohmann::json earlier_; ///< what uns/emberview held before
    H5adCopy copy_;
};

class NpySink final : public PredictionSink {
public:
    NpySink(const std::filesystem::path& target, std::uint64_t rows, std::uint64_t width)
        : target_(target), writer_(target, rows, width) {}

    void write(std::span<const std::uint64_t> rows, std::span<const float> prediction,
               std::span<const float>) override {
        writer_.write_rows(rows, prediction);
    }

    void finish(const nlohmann::json& provenance) override {
        writer_.finish();
        write_file_atomically(target_.string() + ".json",
                              provenance.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) +
                                  "\n");
    }

private:
    std::filesystem::path target_;
    NpyWriter writer_;
};

class MemorySink final : public PredictionSink {
public:
    MemorySink(std::vector<float>& values, std::uint64_t rows, std::uint64_t width)
        : values_(values), width_(width) {
        values_.resize(rows * width);
    }

    void write(std::span<const std::uint64_t> rows, std::span<const float> prediction,
               std::span<const float>) override {
        for (std::size_t i = 0; i < rows.size(); ++i) {
            std::copy_n(prediction.data() + i * width_, width_, values_.data() + rows[i] * width_);
        }
    }

    void finish(const nlohmann::json&) override {}

private:
    std::vector<float>& values_;
    std::uint64_t width_;
};

} // namespace

OutputMembers output_members(const InferRequest& request, const StConfig& config, const ModelInput& input,
                             std::uint64_t n_vars) {
    OutputMembers members;
    members.width = static_cast<std::uint64_t>(config.output_dim);
    const bool same_width = input.matrix->cols() == members.width;
    if (!request.obsm_key.empty()) {
        members.prediction = "obsm/" + request.obsm_key;
    } else if (input.embed_key.empty()) {
        members.prediction = same_width ? "X" : "obsm/X_state_pred";
    } else {
        members.prediction = "obsm/" + input.embed_key + (same_width ? "" : "_pred");
    }
    const bool decodes = config.gene_decoder && !input.embed_key.empty() &&
                         ((config.output_space == OutputSpace::gene && input.embed_key != "X_hvg") ||
                          config.output_space == OutputSpace::all);
    if (decodes && request.output.extension() == ".h5ad") {
        members.gene_width = static_cast<std::uint64_t>(config.gene_dim);
        members.genes = config.output_space == OutputSpace::gene ? "obsm/X_hvg"
                        : members.gene_width == n_vars           ? "X"
                                                                 : "obsm/X_state_genes";
        if (members.genes == members.prediction) {
            members.genes += "_decoded";
        }
    }
    return members;
}

void check_output(const InferRequest& request) {
    const std::string& key = request.obsm_key;
    if (key.find('/') != std::string::npos || key == "." || key == "..") {
        throw UsageError("'" + key + "' is no name for a member of obsm",
                         "Give --obsm-key a name without slashes");
    }
    if (request.output.empty()) {
        return;
    }
    std::error_code ignored;
    if (std::filesystem::equivalent(request.output, request.adata, ignored)) {
        throw UsageError("The output is the input file itself", "Give another name with --output");
    }
    if (request.output.extension() != ".h5ad" && request.output.extension() != ".npy") {
        throw UsageError("The output must end in .h5ad or .npy", "Give such a name with --output");
    }
}

std::unique_ptr<PredictionSink> open_sink(const InferRequest& request, const AnnData& data,
                                          const std::string& pert_col, const CellsToPredict& cells,
                                          const OutputMembers& members, InferResult& result,
                                          JobContext& job) {
    const std::uint64_t rows = cells.source.size();
    if (request.output.empty()) {
        return std::make_unique<MemorySink>(result.prediction, rows, members.width);
    }
    if (request.output.extension() == ".npy") {
        return std::make_unique<NpySink>(request.output, rows, members.width);
    }
    return std::make_unique<H5adSink>(request, data, pert_col, cells, members, job);
}

} // namespace ember

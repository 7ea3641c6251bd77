#include "core/embedding/embed_output.hpp"

#include <algorithm>
#include <numeric>

#include "core/base/error.hpp"
#include "core/base/fingerprint.hpp"

namespace ember {

void check_embed_output(const EmbedRequest& request) {
    const std::string& key = request.key;
    if (key.find('/') != std::string::npos || key == "." || key == "..") {
        throw UsageError("'" + key + "' is no name for a member of obsm",
                         "Give --key a name without slashes");
    }
    if (request.output.empty()) {
        return;
    }
    if (request.output.extension() != ".h5ad") {
        throw UsageError("The output must be an .h5ad file, not '" + request.output.string() + "'",
                         "Give --output a name that ends in .h5ad");
    }
    std::error_code ignored;
    if (std::filesystem::equivalent(request.output, request.adata, ignored)) {
        throw UsageError("The output is the input file itself", "Give another name with --output");
    }
}

EmbedOutput::EmbedOutput(const EmbedRequest& request, const AnnData& data, std::string key, JobContext& job)
    : key_(std::move(key)), rows_(data.n_obs()) {
    if (request.output.empty()) {
        return;
    }
    const auto& keys = data.uns_keys();
    if (std::find(keys.begin(), keys.end(), "emberview") != keys.end()) {
        earlier_ = data.uns("emberview");
    }
    if (!earlier_.is_object()) {
        earlier_ = nlohmann::json::object();
    }
    copy_ = std::make_unique<H5adCopy>(data, request.output, RowSelection{}, job);
}

void EmbedOutput::write(std::span<const float> values, std::uint64_t columns) {
    if (!copy_) {
        return;
    }
    const std::string member = "obsm/" + key_;
    std::vector<std::uint64_t> rows(rows_);
    std::iota(rows.begin(), rows.end(), std::uint64_t{0});
    copy_->begin_dense(member, columns);
    copy_->write_rows(member, rows, values);
}

void EmbedOutput::set_uns(const std::string& key, const nlohmann::json& value) {
    if (copy_) {
        copy_->set_uns(key, value);
    }
}

std::string EmbedOutput::finish(const EmbedRequest& request, const EmbedResult& result,
                                nlohmann::json parameters, std::span<const std::uint64_t> left_out,
                                JobContext& job) {
    if (!copy_) {
        return {};
    }
    parameters["use_rep"] = result.use_rep;
    nlohmann::json record = {
        {"program", "emberview"},
        {"version", EMBER_VERSION},
        {"input", {{"file", request.adata.string()}, {"sha256", sha256_of_file(request.adata, job)}}},
        {"parameters", std::move(parameters)},
        {"cells_left_out", left_out.size()}};
    if (!left_out.empty()) {
        record["rows_left_out"] = std::vector<std::uint64_t>(left_out.begin(), left_out.end());
    }
    if (!result.warnings.empty()) {
        record["warnings"] = result.warnings;
    }
    if (!earlier_["embed"].is_object()) {
        earlier_["embed"] = nlohmann::json::object();
    }
    earlier_["embed"][key_] = std::move(record);
    copy_->set_uns("emberview", earlier_);
    copy_->finish();
    return "obsm/" + key_;
}

} // namespace ember

#pragma once
// Where an embedding goes.

#include <memory>
#include <span>
#include <string>

#include "core/data/h5ad_writer.hpp"
#include "core/embedding/embed.hpp"

namespace ember {

/// Throws UsageError for an output that is not .h5ad or is the input itself, or a key that is no name.
void check_embed_output(const EmbedRequest& request);

/// A copy of the file, begun before the work so that an output that cannot be written is known early. Appears
/// whole at finish() or not at all; does nothing for a request without output.
class EmbedOutput {
public:
    EmbedOutput(const EmbedRequest& request, const AnnData& data, std::string key, JobContext& job);

    /// Adds obsm/<key> [cells × columns].
    void write(std::span<const float> values, std::uint64_t columns);
    void set_uns(const std::string& key, const nlohmann::json& value);
    /// Adds `parameters` and the rest of the provenance, and completes the file. Returns the member's name.
    std::string finish(const EmbedRequest& request, const EmbedResult& result, nlohmann::json parameters,
                       std::span<const std::uint64_t> left_out, JobContext& job);

private:
    std::string key_;
    std::uint64_t rows_;
    nlohmann::json earlier_ = nlohmann::json::object(); ///< what uns/emberview held before
    std::unique_ptr<H5adCopy> copy_;
};

} // namespace ember

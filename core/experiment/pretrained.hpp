#pragma once
// The pretrained model that a run starts from: its file, its run directory, and what its architecture means
// for the new run's configuration.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/run/checkpoint.hpp"
#include "core/run/run_directory.hpp"
#include "core/run/st_config.hpp"

namespace ember {

struct Pretrained {
    CheckpointPtr checkpoint;
    std::optional<RunDirectory> run; ///< of the checkpoint, when it lies in one
    StConfig config;
    bool gene_space() const { return config.embed_key.empty() || config.embed_key == "X_hvg"; }
};

/// `init_from` is a checkpoint or a run directory (its default checkpoint). Throws CannotRead and the errors
/// of Checkpoint::open, open_run_directory and read_st_config.
Pretrained open_pretrained(const std::filesystem::path& init_from);

/// Writes the pretrained architecture into model.kwargs of a new run: its sizes win over defaults that the
/// user left as they are (arc-state would fail or lose weights). Returns a sentence when something was taken
/// over. Throws ShapeMismatch naming an option that the user set otherwise.
std::vector<std::string> adopt_architecture(nlohmann::json& config, const Pretrained& pretrained);

} // namespace ember

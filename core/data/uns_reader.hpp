#pragma once
// Unstructured annotations as JSON.

#include <nlohmann/json.hpp>

#include "core/data/hdf5_file.hpp"

namespace ember::h5 {

/// The object at `key` and everything below it; see AnnData::uns(). An absent object is an empty one. Throws
/// BadLink when groups contain themselves, BoundedDepth beyond 32 levels or 200,000 objects.
nlohmann::json read_uns(const FilePtr& file, const std::string& key);

/// A list of colours as "#rrggbb"; empty when absent or not a list of colours.
std::vector<std::string> read_colors(const FilePtr& file, const std::string& key);

} // namespace ember::h5

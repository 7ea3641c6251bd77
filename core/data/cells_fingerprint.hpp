#pragma once
// Which cells a file holds, as a short text that can be compared and kept.

#include <string>
#include <vector>

namespace ember {

/// The same for two lists exactly when they name the same cells in the same order: "57298-" and 32
/// hexadecimal digits of the SHA-256 of the names, each preceded by its length.
std::string cells_fingerprint(const std::vector<std::string>& obs_names);

} // namespace ember

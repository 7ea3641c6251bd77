#pragma once
// "Did you mean": the known names that look most like a wrong one.

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ember {

/// Up to `count` of `names`, most similar to `wanted` first: case and punctuation count little, shared
/// prefixes and tokens much (`DMSO_TF_00` finds `[('DMSO_TF', 0.0, 'uM')]`, `sham` finds `Sham`).
std::vector<std::string> nearest_names(std::string_view wanted, std::span<const std::string> names,
                                       std::size_t count = 3);

/// Of `names` that are not `wanted`, the first that is the same word spelled otherwise: equal, or begun by
/// the other, when case and punctuation are left out (`sham` and `Sham`, `DMSO_TF_00` and
/// `[('DMSO_TF', 0.0, 'uM')]`). Null when there is none.
const std::string* spelled_otherwise(std::string_view wanted, std::span<const std::string> names);

/// The names quoted and joined for a message: "'Sham', 'Burn'".
std::string quoted_list(std::span<const std::string> names);

} // namespace ember

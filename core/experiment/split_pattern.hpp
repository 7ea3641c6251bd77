#pragma once
// The files that a data set's path names: a file, a folder of .h5 and .h5ad files, or a pattern with *, ?, [
// ] and {a,b}, as cell-load 0.10.4 expands them.

#include <filesystem>
#include <string>
#include <vector>

namespace ember {

/// Alternatives in braces written out, first the first: "x{a,b}" gives xa, xb.
std::vector<std::string> expand_braces(const std::string& pattern);

/// Existing files, sorted; relative patterns are looked up in `folder`. Empty when there are none.
std::vector<std::filesystem::path> files_of_pattern(const std::string& pattern,
                                                    const std::filesystem::path& folder);

} // namespace ember

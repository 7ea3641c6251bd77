#pragma once
// The gene sets and the ortholog table that come with the program.

#include <filesystem>
#include <string>

namespace ember {

/// The folder of the bundled files: `EMBER_GENES`, else ../share/emberview/genes beside the program, else the
/// source tree. Throws Error `GeneSetsMissing`.
std::filesystem::path bundled_genes();

/// A text file, plain or gzip, whole. `most_bytes` bounds the unpacked text. Throws CannotRead, Corrupt,
/// TooLarge.
std::string read_text_file(const std::filesystem::path& file, std::size_t most_bytes = std::size_t{1} << 30);

} // namespace ember

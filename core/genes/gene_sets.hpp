#pragma once
// Gene sets: GMT files, the bundled Reactome pathways, and whether names are human or mouse, symbols or
// Ensembl ids.

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/base/job.hpp"

namespace ember {

enum class Species { unknown, human, mouse };
enum class GeneIds { unknown, symbols, ensembl };

struct GeneSet {
    std::string name, description;
    std::vector<std::string> genes; ///< no repeats
};

struct GeneSets {
    std::string name;   ///< "Reactome (mouse)", or the file's name
    std::string source; ///< path or origin, for the record
    Species species = Species::unknown;
    GeneIds ids = GeneIds::symbols;
    std::vector<GeneSet> sets;
    std::vector<std::string> warnings;
};

/// Reads a GMT file (plain or gzip): CRLF, trailing tabs, empty lines, repeated genes, empty sets and ",1.0"
/// weights are read; repeated names get a suffix and a warning. Throws NotGmt, CannotRead.
GeneSets read_gmt(const std::filesystem::path& file);

/// The pathways that come with the program. Throws GeneSetsMissing.
GeneSets bundled_reactome(Species species);

struct GeneNaming {
    Species species = Species::unknown;
    GeneIds ids = GeneIds::unknown;
    std::string reason; ///< "93 % look like mouse symbols (Krt5, Col1a1)"
};

/// What kind of names these are.
GeneNaming recognise_genes(std::span<const std::string> names);

/// `names` in the naming of the sets (Ensembl id → symbol, mouse ↔ human by orthology), and what is lost.
struct MappedGenes {
    std::vector<std::string> names; ///< [names given]; empty: no counterpart
    std::uint64_t mapped = 0, lost = 0, ambiguous = 0;
    std::string summary; ///< "1,812 of 2,000 genes have a human counterpart; 188 were left out"; empty:
                         ///< nothing to map
};
MappedGenes map_genes(std::span<const std::string> names, const GeneNaming& from, const GeneNaming& to);

} // namespace ember

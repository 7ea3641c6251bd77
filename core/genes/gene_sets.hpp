#pragma once
// Gene sets: GMT files and the bundled Reactome pathways.

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/base/job.hpp"
#include "core/genes/gene_names.hpp"

namespace ember {

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

    GeneNaming naming() const { return {species, ids, {}}; }
};

/// Reads a GMT file (plain or gzip): CRLF, trailing tabs, empty lines, repeated genes, empty sets and ",1.0"
/// weights are read; repeated names get a suffix and a warning. Species and ids are recognised. Throws
/// NotGmt, CannotRead, Corrupt (gzip).
GeneSets read_gmt(const std::filesystem::path& file);

/// The pathways that come with the program. Throws GeneSetsMissing.
GeneSets bundled_reactome(Species species);

/// Several collections as one, in the naming of the first: sets of another naming are mapped, and what they
/// lose is a warning. A name that occurs twice gets the collection's name as a suffix.
GeneSets join_gene_sets(std::vector<GeneSets> collections);

} // namespace ember

#pragma once
// Whether gene names are human or mouse, symbols or Ensembl ids, and their counterparts in another naming.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace ember {

enum class Species { unknown, human, mouse };
enum class GeneIds { unknown, symbols, ensembl };

/// "human", "mouse", "unknown".
const char* to_string(Species species) noexcept;
/// "symbols", "Ensembl ids", "unknown".
const char* to_string(GeneIds ids) noexcept;

struct GeneNaming {
    Species species = Species::unknown;
    GeneIds ids = GeneIds::unknown;
    std::string reason; ///< "93 % look like mouse symbols (Krt5, Col1a1)"

    /// Both are known and name the same genes alike.
    bool same_as(const GeneNaming& other) const noexcept {
        return species == other.species && ids == other.ids;
    }
};

/// "mouse symbols", "human Ensembl ids", "names of an unknown kind".
std::string describe(const GeneNaming& naming);

/// What kind of names these are: Ensembl ids by their form (most names), symbols by the bundled ortholog
/// table (at least one in 20). Names that are neither leave both unknown. Throws GeneSetsMissing.
GeneNaming recognise_genes(std::span<const std::string> names);

/// `names` in the naming of the sets (Ensembl id → symbol, mouse ↔ human by orthology), and what is lost.
struct MappedGenes {
    std::vector<std::string> names; ///< [names given]; empty: no counterpart
    std::uint64_t mapped = 0, lost = 0, ambiguous = 0;
    std::string summary; ///< "1,812 of 2,000 genes have a human counterpart; 188 were left out"; empty:
                         ///< nothing to map
};

/// A gene with several counterparts (`ambiguous`) gets one: of high confidence before others, one-to-one
/// before others, of the same symbol before others, then the first by alphabet. Several genes may get the
/// same counterpart. Versions of Ensembl ids (".12") count for nothing. Where a naming is unknown, or both
/// are the same, names stay as they are. Throws GeneSetsMissing.
MappedGenes map_genes(std::span<const std::string> names, const GeneNaming& from, const GeneNaming& to);

} // namespace ember

#pragma once
// The table of mouse genes and their human orthologs.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/genes/gene_names.hpp"

namespace ember {

/// A pair of orthologs; a gene may be in several.
struct OrthologPair {
    std::string_view mouse_id, mouse_symbol, human_id, human_symbol; ///< a symbol may be empty
    bool one_to_one = false, high_confidence = false;

    std::string_view name(Species species, GeneIds ids) const noexcept;
};

/// Read once, from the bundled file.
class OrthologTable {
public:
    /// Throws GeneSetsMissing, Corrupt.
    static const OrthologTable& bundled();

    /// The pairs of a gene; none when it is not in the table. `species` and `ids` must be known.
    const std::vector<std::uint32_t>& pairs_of(std::string_view name, Species species, GeneIds ids) const;
    const OrthologPair& pair(std::uint32_t at) const { return pairs_[at]; }
    bool has(std::string_view name, Species species, GeneIds ids) const {
        return !pairs_of(name, species, ids).empty();
    }

private:
    OrthologTable();
    using Index = std::unordered_map<std::string_view, std::vector<std::uint32_t>>;
    const Index& index(Species species, GeneIds ids) const noexcept;

    std::string text_;
    std::vector<OrthologPair> pairs_;
    Index mouse_ids_, mouse_symbols_, human_ids_, human_symbols_;
};

} // namespace ember

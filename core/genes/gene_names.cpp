#include "core/genes/gene_names.hpp"

#include <algorithm>
#include <cctype>
#include <tuple>

#include "core/genes/counted_text.hpp"
#include "core/genes/orthologs.hpp"

namespace ember {

namespace {

bool is_digits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

/// "ENSMUSG00000000001.5" → "ENSMUSG00000000001"
std::string_view without_version(std::string_view id) {
    const std::size_t dot = id.rfind('.');
    return dot != std::string_view::npos && is_digits(id.substr(dot + 1)) ? id.substr(0, dot) : id;
}

bool is_ensembl(std::string_view name, std::string_view prefix) {
    return name.starts_with(prefix) && is_digits(without_version(name).substr(prefix.size()));
}

struct NameCounts {
    std::size_t mouse_id = 0, human_id = 0, mouse_symbol = 0, human_symbol = 0;
};

NameCounts count_names(std::span<const std::string> names) {
    const OrthologTable& table = OrthologTable::bundled();
    NameCounts counts;
    for (const std::string& name : names) {
        counts.mouse_id += is_ensembl(name, "ENSMUSG");
        counts.human_id += is_ensembl(name, "ENSG");
        counts.mouse_symbol += table.has(name, Species::mouse, GeneIds::symbols);
        counts.human_symbol += table.has(name, Species::human, GeneIds::symbols);
    }
    return counts;
}

/// "93 % look like mouse symbols (Krt5, Col1a1)"
std::string reason_of(std::span<const std::string> names, std::size_t count, Species species, GeneIds ids) {
    const OrthologTable& table = OrthologTable::bundled();
    std::string examples;
    int shown = 0;
    for (const std::string& name : names) {
        const bool fits = ids == GeneIds::ensembl
                              ? is_ensembl(name, species == Species::mouse ? "ENSMUSG" : "ENSG")
                              : table.has(name, species, ids);
        if (fits && shown < 2) {
            examples += (shown++ == 0 ? " (" : ", ") + name;
        }
    }
    return share_text(static_cast<double>(count), static_cast<double>(names.size())) + " look like " +
           describe(GeneNaming{species, ids, {}}) + (examples.empty() ? "" : examples + ")");
}

/// The best supported pair first: high confidence, one to one, the same symbol, then by alphabet.
auto preference(const OrthologPair& pair, Species target, GeneIds ids) {
    const bool same_symbol =
        pair.mouse_symbol.size() == pair.human_symbol.size() &&
        std::equal(pair.mouse_symbol.begin(), pair.mouse_symbol.end(), pair.human_symbol.begin(),
                   [](unsigned char a, unsigned char b) { return std::toupper(a) == std::toupper(b); });
    return std::make_tuple(!pair.high_confidence, !pair.one_to_one, !same_symbol, pair.name(target, ids));
}

/// The counterpart, empty when there is none; sets `several`.
std::string_view counterpart(const OrthologTable& table, const std::vector<std::uint32_t>& pairs,
                             const GeneNaming& to, bool& several) {
    const OrthologPair* best = nullptr;
    several = false;
    for (const std::uint32_t at : pairs) {
        const OrthologPair& pair = table.pair(at);
        const std::string_view name = pair.name(to.species, to.ids);
        if (name.empty()) {
            continue;
        }
        several = several || (best != nullptr && best->name(to.species, to.ids) != name);
        if (best == nullptr || preference(pair, to.species, to.ids) < preference(*best, to.species, to.ids)) {
            best = &pair;
        }
    }
    return best == nullptr ? std::string_view() : best->name(to.species, to.ids);
}

bool is_known(const GeneNaming& naming) {
    return naming.species != Species::unknown && naming.ids != GeneIds::unknown;
}

std::string summary_of(const MappedGenes& mapped, const GeneNaming& from, const GeneNaming& to) {
    const std::uint64_t all = mapped.mapped + mapped.lost;
    const std::string what = from.species != to.species
                                 ? std::string("a ") + to_string(to.species) + " counterpart"
                                 : std::string(to.ids == GeneIds::symbols ? "a symbol" : "an Ensembl id") +
                                       " in the ortholog table";
    std::string text = count_text(mapped.mapped) + " of " + counted(all, "gene has ", "genes have ") + what +
                       "; " + count_text(mapped.lost) +
                       (mapped.lost == 1 ? " was left out" : " were left out");
    if (mapped.ambiguous != 0) {
        text +=
            "; " + counted(mapped.ambiguous, "has", "have") + " several, and the best supported was taken";
    }
    return text;
}

} // namespace

const char* to_string(Species species) noexcept {
    return species == Species::human ? "human" : species == Species::mouse ? "mouse" : "unknown";
}

const char* to_string(GeneIds ids) noexcept {
    return ids == GeneIds::symbols ? "symbols" : ids == GeneIds::ensembl ? "Ensembl ids" : "unknown";
}

std::string describe(const GeneNaming& naming) {
    if (naming.ids == GeneIds::unknown) {
        return "names of an unknown kind";
    }
    return naming.species == Species::unknown
               ? std::string(to_string(naming.ids)) + " of an unknown species"
               : std::string(to_string(naming.species)) + " " + to_string(naming.ids);
}

GeneNaming recognise_genes(std::span<const std::string> names) {
    if (names.empty()) {
        return {Species::unknown, GeneIds::unknown, "there are no names"};
    }
    const NameCounts counts = count_names(names);
    const auto made = [&](std::size_t count, Species species, GeneIds ids) {
        return GeneNaming{species, ids, reason_of(names, count, species, ids)};
    };
    if (2 * (counts.mouse_id + counts.human_id) > names.size()) {
        return counts.mouse_id > counts.human_id ? made(counts.mouse_id, Species::mouse, GeneIds::ensembl)
                                                 : made(counts.human_id, Species::human, GeneIds::ensembl);
    }
    // Symbols that both species share (a few) must not decide, nor a handful of accidents among many names.
    constexpr std::size_t one_of = 20;
    const std::size_t most = std::max(counts.mouse_symbol, counts.human_symbol);
    if (most * one_of >= names.size() && counts.mouse_symbol != counts.human_symbol) {
        return counts.mouse_symbol > counts.human_symbol
                   ? made(counts.mouse_symbol, Species::mouse, GeneIds::symbols)
                   : made(counts.human_symbol, Species::human, GeneIds::symbols);
    }
    return {Species::unknown, GeneIds::unknown,
            "neither Ensembl ids nor symbols of human or mouse genes, such as '" + names.front() + "'"};
}

MappedGenes map_genes(std::span<const std::string> names, const GeneNaming& from, const GeneNaming& to) {
    MappedGenes result;
    result.names.reserve(names.size());
    const bool translate = is_known(from) && is_known(to) && !from.same_as(to);
    for (const std::string& name : names) {
        const std::string_view plain = from.ids == GeneIds::ensembl ? without_version(name) : name;
        if (!translate) {
            result.names.emplace_back(plain);
            continue;
        }
        const OrthologTable& table = OrthologTable::bundled();
        bool several = false;
        const std::string_view found =
            counterpart(table, table.pairs_of(plain, from.species, from.ids), to, several);
        result.names.emplace_back(found);
        result.lost += found.empty();
        result.mapped += !found.empty();
        result.ambiguous += several;
    }
    if (translate) {
        result.summary = summary_of(result, from, to);
    } else {
        result.mapped = names.size();
    }
    return result;
}

} // namespace ember

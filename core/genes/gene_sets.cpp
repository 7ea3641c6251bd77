#include "core/genes/gene_sets.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <unordered_set>

#include "core/base/error.hpp"
#include "core/genes/counted_text.hpp"
#include "core/genes/gene_resources.hpp"

namespace ember {

namespace fs = std::filesystem;

namespace {

using Parts = std::vector<std::string_view>;

bool is_number(std::string_view text) {
    const std::string copy(text);
    char* end = nullptr;
    std::strtod(copy.c_str(), &end);
    return !copy.empty() && end == copy.c_str() + copy.size();
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front())) != 0) {
        text.remove_prefix(1);
    }
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) {
        text.remove_suffix(1);
    }
    return text;
}

Parts fields_of(std::string_view line) {
    Parts parts;
    for (std::size_t begin = 0;;) {
        const std::size_t end = line.find('\t', begin);
        parts.push_back(trimmed(line.substr(begin, end - begin)));
        if (end == std::string_view::npos) {
            return parts;
        }
        begin = end + 1;
    }
}

/// "TP53,1.0", as Enrichr's libraries have it, is TP53.
std::string_view without_weight(std::string_view gene) {
    const std::size_t comma = gene.rfind(',');
    return comma != std::string_view::npos && is_number(gene.substr(comma + 1)) ? gene.substr(0, comma)
                                                                                : gene;
}

[[noreturn]] void not_gmt(const fs::path& file, std::string what, std::optional<long long> row = {}) {
    throw Error("NotGmt", std::move(what), {file.string(), {}, row},
                "A GMT file has one gene set per line: name, description and genes, separated by tabs");
}

/// What a line says; `numbers` counts fields that are numbers, which genes are not.
GeneSet set_of(const Parts& parts, std::size_t& repeated, std::size_t& numbers) {
    GeneSet set{std::string(parts[0]), std::string(parts[1]), {}};
    std::unordered_set<std::string_view> seen;
    for (std::size_t i = 2; i < parts.size(); ++i) {
        const std::string_view gene = without_weight(parts[i]);
        if (gene.empty()) {
            continue;
        }
        numbers += is_number(gene);
        if (seen.insert(gene).second) {
            set.genes.emplace_back(gene);
        } else {
            ++repeated;
        }
    }
    return set;
}

/// Names that occur again become "NAME (2)".
std::size_t make_unique(std::vector<GeneSet>& sets) {
    std::unordered_set<std::string> seen;
    std::size_t renamed = 0;
    for (GeneSet& set : sets) {
        const std::string name = set.name;
        for (int again = 2; !seen.insert(set.name).second; ++again) {
            set.name = name + " (" + std::to_string(again) + ")";
            renamed += again == 2;
        }
    }
    return renamed;
}

void add_warnings(GeneSets& made, std::size_t renamed, std::size_t repeated) {
    if (renamed != 0) {
        made.warnings.push_back(counted(renamed, "set has", "sets have") +
                                " the name of an earlier one and got a number");
    }
    const auto empty = static_cast<std::uint64_t>(std::count_if(
        made.sets.begin(), made.sets.end(), [](const GeneSet& set) { return set.genes.empty(); }));
    if (empty != 0) {
        made.warnings.push_back(counted(empty, "set has", "sets have") + " no genes");
    }
    if (repeated != 0) {
        made.warnings.push_back(counted(repeated, "gene stands", "genes stand") +
                                " twice in a set and were counted once");
    }
}

GeneSets parse(const std::string& text, const fs::path& file) {
    if (text.find('\0') != std::string::npos) {
        not_gmt(file, "The file is not text");
    }
    GeneSets made;
    std::size_t repeated = 0, numbers = 0, genes = 0;
    long long row = 0;
    for (std::size_t begin = 0; begin < text.size(); ++row) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string_view line = std::string_view(text).substr(begin, end - begin);
        begin = end + 1;
        if (trimmed(line).empty()) {
            continue;
        }
        const Parts parts = fields_of(line);
        if (parts.size() < 2 || parts[0].empty()) {
            not_gmt(file, "A line has no tab, or no name before it", row);
        }
        made.sets.push_back(set_of(parts, repeated, numbers));
        genes += made.sets.back().genes.size();
    }
    if (made.sets.empty()) {
        not_gmt(file, "The file holds no gene set");
    }
    if (2 * numbers > genes) {
        not_gmt(file, "Most of its fields are numbers: this looks like another kind of table");
    }
    add_warnings(made, make_unique(made.sets), repeated);
    return made;
}

std::vector<std::string> genes_of(const GeneSets& sets) {
    std::vector<std::string> names;
    std::unordered_set<std::string_view> seen;
    for (const GeneSet& set : sets.sets) {
        for (const std::string& gene : set.genes) {
            if (seen.insert(gene).second) {
                names.push_back(gene);
            }
        }
    }
    return names;
}

/// The sets' genes in another naming.
void rename_genes(GeneSets& sets, const GeneNaming& to) {
    const MappedGenes all = map_genes(genes_of(sets), sets.naming(), to);
    for (GeneSet& set : sets.sets) {
        const MappedGenes mapped = map_genes(set.genes, sets.naming(), to);
        std::unordered_set<std::string_view> seen;
        set.genes.clear();
        for (const std::string& name : mapped.names) {
            if (!name.empty() && seen.insert(name).second) {
                set.genes.push_back(name);
            }
        }
    }
    if (!all.summary.empty()) {
        sets.warnings.push_back("Genes of " + sets.name + ": " + all.summary);
        sets.species = to.species;
        sets.ids = to.ids;
    }
}

} // namespace

GeneSets read_gmt(const fs::path& file) {
    GeneSets sets = parse(read_text_file(file), file);
    sets.name = file.filename().string();
    sets.source = file.string();
    const GeneNaming naming = recognise_genes(genes_of(sets));
    sets.species = naming.species;
    sets.ids = naming.ids;
    return sets;
}

GeneSets bundled_reactome(Species species) {
    const Species chosen = species == Species::human ? Species::human : Species::mouse;
    const fs::path file = bundled_genes() / (std::string("reactome_") + to_string(chosen) + ".gmt.gz");
    GeneSets sets = parse(read_text_file(file), file);
    sets.name = std::string("Reactome (") + to_string(chosen) + ")";
    sets.source = "Reactome 2021, bundled: " + file.filename().string();
    sets.species = chosen;
    sets.warnings.clear(); // that some pathways have no mouse genes is no news to whoever reads results
    sets.ids = GeneIds::symbols;
    return sets;
}

GeneSets join_gene_sets(std::vector<GeneSets> collections) {
    if (collections.empty()) {
        return {};
    }
    GeneSets joined = std::move(collections.front());
    std::unordered_set<std::string> names;
    for (const GeneSet& set : joined.sets) {
        names.insert(set.name);
    }
    for (auto other = collections.begin() + 1; other != collections.end(); ++other) {
        rename_genes(*other, joined.naming());
        for (GeneSet& set : other->sets) {
            if (names.contains(set.name)) {
                set.name += " [" + other->name + "]";
            }
            names.insert(set.name);
            joined.sets.push_back(std::move(set));
        }
        joined.name += ", " + other->name;
        joined.source += ", " + other->source;
        joined.warnings.insert(joined.warnings.end(), other->warnings.begin(), other->warnings.end());
    }
    return joined;
}

} // namespace ember

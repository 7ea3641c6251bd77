#include "core/genes/orthologs.hpp"

#include <array>

#include "core/base/error.hpp"
#include "core/genes/gene_resources.hpp"

namespace ember {

namespace {

constexpr const char* file_name = "mouse_human_orthologs.tsv.gz";
constexpr std::size_t fields = 6;

std::array<std::string_view, fields> split(std::string_view line, std::size_t row) {
    std::array<std::string_view, fields> parts;
    for (std::size_t i = 0; i < fields; ++i) {
        const std::size_t end = line.find('\t');
        if ((end == std::string_view::npos) != (i + 1 == fields)) {
            throw Error("Corrupt", "A line of the ortholog table does not have six fields",
                        {(bundled_genes() / file_name).string(), {}, static_cast<long long>(row)},
                        "Reinstall Emberview");
        }
        parts[i] = line.substr(0, end);
        line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
    }
    return parts;
}

} // namespace

std::string_view OrthologPair::name(Species species, GeneIds ids) const noexcept {
    const bool symbols = ids == GeneIds::symbols;
    return species == Species::mouse ? (symbols ? mouse_symbol : mouse_id)
                                     : (symbols ? human_symbol : human_id);
}

OrthologTable::OrthologTable() : text_(read_text_file(bundled_genes() / file_name)) {
    const std::string_view text = text_;
    std::size_t row = 0;
    for (std::size_t begin = 0; begin < text.size(); ++row) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string_view line = text.substr(begin, end - begin);
        begin = end + 1;
        if (row == 0 || line.empty()) {
            continue; // the head
        }
        const auto part = split(line, row);
        pairs_.push_back({part[0], part[1], part[2], part[3], part[4] == "one2one", part[5] == "1"});
    }
    for (std::uint32_t i = 0; i < pairs_.size(); ++i) {
        const OrthologPair& pair = pairs_[i];
        for (const auto& [index, name] : {std::pair(&mouse_ids_, pair.mouse_id),
                                          {&mouse_symbols_, pair.mouse_symbol},
                                          {&human_ids_, pair.human_id},
                                          {&human_symbols_, pair.human_symbol}}) {
            if (!name.empty()) {
                (*index)[name].push_back(i);
            }
        }
    }
}

const OrthologTable& OrthologTable::bundled() {
    static const OrthologTable table;
    return table;
}

const OrthologTable::Index& OrthologTable::index(Species species, GeneIds ids) const noexcept {
    const bool symbols = ids == GeneIds::symbols;
    return species == Species::mouse ? (symbols ? mouse_symbols_ : mouse_ids_)
                                     : (symbols ? human_symbols_ : human_ids_);
}

const std::vector<std::uint32_t>& OrthologTable::pairs_of(std::string_view name, Species species,
                                                          GeneIds ids) const {
    static const std::vector<std::uint32_t> none;
    const Index& names = index(species, ids);
    const auto found = names.find(name);
    return found == names.end() ? none : found->second;
}

} // namespace ember

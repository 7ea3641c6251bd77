// The table of enrichment with its provenance beside it.

#include "core/base/atomic_file.hpp"
#include "core/genes/enrichment.hpp"

namespace ember {

void write_enrichment(const EnrichmentResult& result, const GeneSets& sets, const nlohmann::json& parameters,
                      const std::filesystem::path& csv) {
    nlohmann::json beside = enrichment_json(result);
    beside.erase("sets");
    beside["program"] = "emberview";
    beside["version"] = EMBER_VERSION;
    beside["gene_sets"] = {{"name", sets.name},
                           {"source", sets.source},
                           {"naming", describe(sets.naming())},
                           {"count", sets.sets.size()}};
    beside["parameters"] = parameters;
    std::filesystem::path json = csv;
    json.replace_extension(".json");
    write_file_atomically(csv, enrichment_csv(result));
    write_file_atomically(json, beside.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

} // namespace ember

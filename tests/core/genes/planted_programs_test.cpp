// The gene programs that were planted into the demo's cells must come out of differential expression over
// mice followed by enrichment.

#include <algorithm>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/data/anndata.hpp"
#include "core/genes/differential_expression.hpp"
#include "core/genes/enrichment.hpp"

namespace ember {
namespace {

using testing::IsSupersetOf;
using testing::UnorderedElementsAre;

/// Burn against Sham within each cell type, on mice.
class PlantedPrograms : public testing::Test {
protected:
    static const DifferentialResult& differences() {
        static const DifferentialResult made = [] {
            const auto data = AnnData::open(EMBER_DEMO_FILES "/wound_demo.h5ad");
            DifferentialRequest request;
            request.groupby = "condition";
            request.groups = {"Burn"};
            request.reference = "Sham";
            request.replicate_col = "mouse";
            request.within = {"cell_type"};
            request.test = GeneTest::welch;
            JobContext job;
            return differential_expression(*data, request, job);
        }();
        return made;
    }
    static const DifferentialTable& table_of(const std::string& cell_type) {
        const auto& tables = differences().tables;
        return *std::find_if(tables.begin(), tables.end(), [&](const DifferentialTable& table) {
            return table.within == std::vector<std::string>{cell_type};
        });
    }
    static OverRepresentationRequest raised_in(const std::string& cell_type) {
        OverRepresentationRequest request;
        request.background = differences().genes;
        const DifferentialTable& table = table_of(cell_type);
        for (std::size_t gene = 0; gene < request.background.size(); ++gene) {
            if (table.padj[gene] < 0.05 && table.log_fold_change[gene] > 0) {
                request.query.push_back(request.background[gene]);
            }
        }
        return request;
    }
    const GeneSets programs = read_gmt(EMBER_DEMO_FILES "/programs.gmt");
    JobContext job;
};

TEST_F(PlantedPrograms, AreOverRepresentedWhereTheyWerePlanted) {
    const std::map<std::string, std::vector<std::string>> planted = {
        {"Neu", {"inflammation"}},
        {"Mac", {"inflammation"}},
        {"Fib", {"inflammation", "repair_ecm", "er_secretory"}},
        {"Ker", {"migration"}},
        {"End", {"angiogenesis"}},
        {"Tce", {"cycle"}}};
    for (const auto& [cell_type, names] : planted) {
        std::vector<std::string> found;
        for (const EnrichedSet& set : over_representation(programs, raised_in(cell_type), job).sets) {
            if (set.padj < 1e-6) {
                found.push_back(set.name);
            }
        }
        EXPECT_THAT(found, IsSupersetOf(names)) << cell_type;
    }
}

TEST_F(PlantedPrograms, LieAtTheEndsOfTheRanking) {
    RankedRequest request;
    request.genes = differences().genes;
    request.scores = table_of("Fib").score;
    std::vector<std::string> up, down;
    for (const EnrichedSet& set : ranked_enrichment(programs, request, job).sets) {
        if (set.padj < 0.05) {
            (set.nes > 0 ? up : down).push_back(set.name);
        }
    }
    EXPECT_THAT(up, UnorderedElementsAre("inflammation", "repair_ecm", "er_secretory"));
    EXPECT_THAT(down, testing::Contains("cyto_ribosome"));
}

TEST_F(PlantedPrograms, AreRecognisedByKnownBiology) {
    const EnrichmentResult result =
        over_representation(bundled_reactome(Species::mouse), raised_in("Neu"), job);
    EXPECT_EQ(result.sets[0].name, "Interleukin-10-signaling");
    EXPECT_LT(result.sets[0].padj, 1e-4);
}

} // namespace
} // namespace ember

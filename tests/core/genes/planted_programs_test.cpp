// The gene programs that were planted into the demo's cells must come out of enrichment.

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/data/anndata.hpp"
#include "core/genes/enrichment.hpp"

namespace ember {
namespace {

/// Welch's t of every gene, Burn against Sham, in one cell type.
RankedRequest burn_against_sham(const AnnData& data, const std::string& cell_type) {
    const CategoricalColumn condition = as_groups(*data.obs("condition"));
    const CategoricalColumn types = as_groups(*data.obs("cell_type"));
    const std::size_t genes = data.n_vars();
    std::vector<double> sum[2], squares[2];
    double cells[2] = {0, 0};
    for (int side = 0; side < 2; ++side) {
        sum[side].assign(genes, 0);
        squares[side].assign(genes, 0);
    }
    std::vector<float> row(genes);
    const MatrixPtr matrix = data.matrix({});
    for (std::uint64_t cell = 0; cell < data.n_obs(); ++cell) {
        const auto label = [cell](const CategoricalColumn& column) {
            return column.categories[static_cast<std::size_t>(column.codes[cell])];
        };
        if (label(types) != cell_type) {
            continue;
        }
        const int side = label(condition) == "Burn";
        matrix->read_rows(cell, 1, row);
        ++cells[side];
        for (std::size_t gene = 0; gene < genes; ++gene) {
            sum[side][gene] += row[gene];
            squares[side][gene] += row[gene] * row[gene];
        }
    }
    RankedRequest request;
    request.genes = data.var_names();
    for (std::size_t gene = 0; gene < genes; ++gene) {
        double mean[2], error = 1e-12;
        for (int side = 0; side < 2; ++side) {
            mean[side] = sum[side][gene] / cells[side];
            error += (squares[side][gene] / cells[side] - mean[side] * mean[side]) / cells[side];
        }
        request.scores.push_back((mean[1] - mean[0]) / std::sqrt(error));
    }
    return request;
}

TEST(PlantedPrograms, ComeOutOfTheRanking) {
    const auto data = AnnData::open(EMBER_DEMO_FILES "/wound_demo.h5ad");
    const GeneSets programs = read_gmt(EMBER_DEMO_FILES "/programs.gmt");
    ASSERT_EQ(programs.sets.size(), 8U);
    const RankedRequest request = burn_against_sham(*data, "Fib");
    JobContext job;
    const EnrichmentResult result = ranked_enrichment(programs, request, job);
    std::vector<std::string> up, down;
    for (const EnrichedSet& set : result.sets) {
        if (set.padj < 0.05) {
            (set.nes > 0 ? up : down).push_back(set.name);
        }
    }
    EXPECT_THAT(up, testing::UnorderedElementsAre("inflammation", "repair_ecm", "er_secretory"));
    EXPECT_THAT(down, testing::IsSupersetOf({"oxphos", "cyto_ribosome"}));
}

TEST(PlantedPrograms, AreOverRepresentedAmongTheMostChanged) {
    const auto data = AnnData::open(EMBER_DEMO_FILES "/wound_demo.h5ad");
    const RankedRequest ranked = burn_against_sham(*data, "Neu");
    std::vector<std::size_t> order(ranked.genes.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        order[i] = i;
    }
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return ranked.scores[a] > ranked.scores[b]; });
    OverRepresentationRequest request;
    request.background = ranked.genes;
    for (std::size_t i = 0; i < 20; ++i) {
        request.query.push_back(ranked.genes[order[i]]);
    }
    JobContext job;
    const EnrichmentResult planted =
        over_representation(read_gmt(EMBER_DEMO_FILES "/programs.gmt"), request, job);
    EXPECT_EQ(planted.sets[0].name, "inflammation");
    EXPECT_EQ(planted.sets[0].overlap, 12U);
    EXPECT_LT(planted.sets[0].padj, 1e-10);
    // Known biology finds it too, without being told.
    const EnrichmentResult reactome = over_representation(bundled_reactome(Species::mouse), request, job);
    EXPECT_THAT(reactome.sets[0].name, testing::HasSubstr("Interleukin"));
    EXPECT_LT(reactome.sets[0].padj, 1e-3);
}

} // namespace
} // namespace ember

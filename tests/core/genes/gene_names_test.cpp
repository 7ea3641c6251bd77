#include "core/genes/gene_names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/data/anndata.hpp"
#include "core/genes/counted_text.hpp"

namespace ember {
namespace {

using Names = std::vector<std::string>;
using testing::ElementsAre;
using testing::HasSubstr;

const GeneNaming mouse_symbols{Species::mouse, GeneIds::symbols, {}};
const GeneNaming human_symbols{Species::human, GeneIds::symbols, {}};
const GeneNaming mouse_ids{Species::mouse, GeneIds::ensembl, {}};
const GeneNaming human_ids{Species::human, GeneIds::ensembl, {}};

TEST(RecogniseGenes, KnowsFourKinds) {
    EXPECT_TRUE(recognise_genes(Names{"Krt5", "Col1a1", "Lum"}).same_as(mouse_symbols));
    EXPECT_TRUE(recognise_genes(Names{"KRT5", "COL1A1", "LUM"}).same_as(human_symbols));
    EXPECT_TRUE(recognise_genes(Names{"ENSMUSG00000000001.5", "ENSMUSG00000000028"}).same_as(mouse_ids));
    EXPECT_TRUE(recognise_genes(Names{"ENSG00000065135", "ENSG00000093009.11"}).same_as(human_ids));
    EXPECT_THAT(recognise_genes(Names{"Krt5", "Col1a1", "Lum"}).reason,
                HasSubstr("100 % look like mouse symbols (Krt5, Col1a1)"));
}

TEST(RecogniseGenes, SaysWhenItCannotTell) {
    EXPECT_EQ(recognise_genes(Names{}).species, Species::unknown);
    const GeneNaming naming = recognise_genes(Names{"G0001", "G0002"});
    EXPECT_EQ(naming.species, Species::unknown);
    EXPECT_EQ(naming.ids, GeneIds::unknown);
    EXPECT_THAT(naming.reason, HasSubstr("'G0001'"));
}

TEST(RecogniseGenes, KnowsTheDemo) {
    const auto data = AnnData::open(EMBER_DEMO_FILES "/wound_demo.h5ad");
    EXPECT_TRUE(recognise_genes(data->var_names()).same_as(mouse_symbols));
    const auto blood = AnnData::open(EMBER_DEMO_FILES "/pbmc_phase.h5ad");
    EXPECT_TRUE(recognise_genes(blood->var_names()).same_as(human_symbols));
}

TEST(MapGenes, CrossesSpeciesAndIds) {
    const Names names = {"Gnai3", "Cdc45", "Nonsense1"};
    const MappedGenes human = map_genes(names, mouse_symbols, human_symbols);
    EXPECT_THAT(human.names, ElementsAre("GNAI3", "CDC45", ""));
    EXPECT_EQ(human.mapped, 2U);
    EXPECT_EQ(human.lost, 1U);
    EXPECT_THAT(human.summary, HasSubstr("2 of 3 genes have a human counterpart; 1 was left out"));
    EXPECT_THAT(map_genes(Names{"ENSMUSG00000000001.12"}, mouse_ids, mouse_symbols).names,
                ElementsAre("Gnai3"));
    EXPECT_THAT(map_genes(Names{"ENSG00000065135"}, human_ids, mouse_symbols).names, ElementsAre("Gnai3"));
    EXPECT_THAT(map_genes(Names{"GNAI3"}, human_symbols, mouse_ids).names, ElementsAre("ENSMUSG00000000001"));
}

TEST(MapGenes, LeavesEqualAndUnknownNamingsAlone) {
    const Names names = {"Gnai3", "Made.up"};
    for (const GeneNaming& from : {mouse_symbols, GeneNaming{}}) {
        const MappedGenes same = map_genes(names, from, mouse_symbols);
        EXPECT_EQ(same.names, names);
        EXPECT_TRUE(same.summary.empty());
    }
    EXPECT_THAT(map_genes(Names{"ENSG00000065135.7"}, human_ids, human_ids).names,
                ElementsAre("ENSG00000065135"));
}

TEST(MapGenes, TakesTheBestOfSeveral) {
    // Human CCL3 and its copy CCL3L3 have one mouse ortholog; from the mouse there are several.
    const MappedGenes mapped = map_genes(Names{"Ccl3"}, mouse_symbols, human_symbols);
    EXPECT_THAT(mapped.names, ElementsAre("CCL3"));
    EXPECT_EQ(mapped.ambiguous, 1U);
    EXPECT_THAT(mapped.summary, HasSubstr("1 has several"));
}

TEST(CountedText, ReadsWell) {
    EXPECT_EQ(count_text(57298), "57,298");
    EXPECT_EQ(count_text(1234567), "1,234,567");
    EXPECT_EQ(count_text(100), "100");
    EXPECT_EQ(counted(1, "gene", "genes"), "1 gene");
    EXPECT_EQ(share_text(1, 1000), "less than 1 %");
    EXPECT_EQ(share_text(999, 1000), "more than 99 %");
    EXPECT_EQ(share_text(1, 3), "33 %");
    EXPECT_EQ(share_text(0, 0), "0 %");
}

} // namespace
} // namespace ember

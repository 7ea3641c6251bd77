#include "core/genes/gene_sets.hpp"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "core/base/error.hpp"

namespace ember {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class GmtTest : public testing::Test {
protected:
    GmtTest() : file(fs::temp_directory_path() / ("ember_gmt_" + std::to_string(getpid()) + ".gmt")) {}
    ~GmtTest() override { fs::remove(file); }
    void write(const std::string& text) const { std::ofstream(file, std::ios::binary) << text; }
    std::string error_of(const std::string& text) const {
        write(text);
        try {
            read_gmt(file);
        } catch (const Error& error) {
            return error.class_name();
        }
        return "none";
    }
    fs::path file;
};

TEST_F(GmtTest, ReadsEveryDialect) {
    write("A\thttp://a\tKrt5\tKrt14\t\t\r\n"
          "\r\n"
          "B\t\tCol1a1,1.0\tCol1a2,0.5\tCol1a1,1.0\n"
          "A\tagain\tLum\n"
          "EMPTY\tna\n"
          "  \n"
          "LAST\t\tDcn");
    const GeneSets sets = read_gmt(file);
    ASSERT_EQ(sets.sets.size(), 5U);
    EXPECT_EQ(sets.sets[0].description, "http://a");
    EXPECT_THAT(sets.sets[0].genes, ElementsAre("Krt5", "Krt14"));
    EXPECT_THAT(sets.sets[1].genes, ElementsAre("Col1a1", "Col1a2"));
    EXPECT_EQ(sets.sets[2].name, "A (2)");
    EXPECT_TRUE(sets.sets[3].genes.empty());
    EXPECT_THAT(sets.sets[4].genes, ElementsAre("Dcn"));
    EXPECT_EQ(sets.species, Species::mouse);
    EXPECT_THAT(sets.warnings, testing::Contains(HasSubstr("1 set has the name of an earlier one")));
    EXPECT_THAT(sets.warnings, testing::Contains(HasSubstr("1 set has no genes")));
}

TEST_F(GmtTest, RefusesWhatIsNoGmt) {
    EXPECT_EQ(error_of("gene,score\nKrt5,1\n"), "NotGmt");
    EXPECT_EQ(error_of(""), "NotGmt");
    EXPECT_EQ(error_of("\n\n"), "NotGmt");
    EXPECT_EQ(error_of("\tno name\tKrt5\n"), "NotGmt");
    EXPECT_EQ(error_of(std::string("A\tb\tK\0rt5\n", 10)), "NotGmt");
    EXPECT_EQ(error_of("gene\tscore\tp\nKrt5\t1.5\t0.01\t3\nLum\t-2\t1e-5\t4\n"), "NotGmt");
    EXPECT_THROW(read_gmt("/nowhere/sets.gmt"), Error);
}

TEST_F(GmtTest, NamesTheLine) {
    write("A\t\tKrt5\nno tabs here\n");
    try {
        read_gmt(file);
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.place().row, 1);
        EXPECT_FALSE(error.remedy().empty());
    }
}

TEST_F(GmtTest, RefusesACutGzipFile) {
    std::ifstream whole(fs::path(EMBER_GENES_FILES) / "reactome_mouse.gmt.gz", std::ios::binary);
    std::string bytes(100'000, '\0');
    whole.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    EXPECT_EQ(error_of(bytes), "Corrupt");
}

TEST_F(GmtTest, ReadsTheFixture) {
    const GeneSets sets = read_gmt(EMBER_TEST_DATA "/analysis/sets.gmt");
    EXPECT_EQ(sets.sets.size(), 15U);
    EXPECT_EQ(sets.species, Species::unknown);
    for (const GeneSet& set : sets.sets) {
        EXPECT_EQ(set.genes.empty(), set.name == "EMPTY_SET") << set.name;
    }
}

TEST(BundledReactome, HasBothSpecies) {
    for (const Species species : {Species::human, Species::mouse}) {
        const GeneSets sets = bundled_reactome(species);
        EXPECT_EQ(sets.sets.size(), 2504U);
        EXPECT_EQ(sets.species, species);
        EXPECT_EQ(sets.ids, GeneIds::symbols);
    }
}

TEST(JoinGeneSets, MapsToTheFirstNaming) {
    GeneSets mouse{"mine", "mine.gmt", Species::mouse, GeneIds::symbols, {{"A", "", {"Krt5", "Lum"}}}, {}};
    GeneSets human{
        "theirs", "theirs.gmt", Species::human, GeneIds::symbols, {{"A", "", {"KRT5", "NOSUCHGENE"}}}, {}};
    const GeneSets joined = join_gene_sets({mouse, human});
    ASSERT_EQ(joined.sets.size(), 2U);
    EXPECT_EQ(joined.sets[1].name, "A [theirs]");
    EXPECT_THAT(joined.sets[1].genes, ElementsAre("Krt5"));
    EXPECT_THAT(joined.warnings,
                ElementsAre(HasSubstr("1 of 2 genes have a mouse counterpart; 1 was left out")));
}

} // namespace
} // namespace ember

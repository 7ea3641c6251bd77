// `embed pca` and `embed umap` on the demo.

#include <chrono>
#include <cmath>
#include <csignal>
#include <thread>

#include <gmock/gmock.h>

#include "core/data/anndata.hpp"
#include "core/data/h5ad_writer.hpp"
#include "program.hpp"

namespace {

using namespace ember;
using ember::test::CliTest;
using ember::test::entries_of;
using ember::test::Outcome;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

class Embed : public CliTest {
protected:
    const std::string demo = EMBER_DEMO_FILES "/wound_demo.h5ad";

    Outcome pca(const std::string& output, std::vector<std::string> more = {}) const {
        std::vector<std::string> arguments = {"embed",     "pca", "--adata", demo,       "--use-rep", "X_hvg",
                                              "--n-comps", "12",  "--json",  "--output", path(output)};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run(arguments);
    }

    static std::vector<float> values_of(const std::string& file, const std::string& key) {
        const MatrixPtr matrix = AnnData::open(file)->matrix({MatrixSource::Kind::obsm, key});
        std::vector<float> values(matrix->rows() * matrix->cols());
        matrix->read_rows(0, matrix->rows(), values);
        return values;
    }

    /// A file with points in obsm/points, of which row 3 is not finite.
    std::string small_file(std::uint64_t cells) const {
        NewAnnData data;
        std::vector<float> points;
        for (std::uint64_t i = 0; i < cells; ++i) {
            data.obs_names.push_back("cell" + std::to_string(i));
            points.push_back(static_cast<float>(i % 7));
            points.push_back(i == 3 ? NAN : static_cast<float>(i % 5));
        }
        data.var_names = {"only"};
        data.obsm.emplace_back("points", points);
        write_h5ad(data, path("small.h5ad"));
        return path("small.h5ad");
    }
};

TEST_F(Embed, PcaThenUmapOfIt) {
    const Outcome first = pca("pca.h5ad");
    ASSERT_EQ(first.status, 0) << first.out << first.err;
    const json found = first.json();
    EXPECT_EQ(found["written_to"], "obsm/X_pca");
    EXPECT_EQ(found["use_rep"], "obsm/X_hvg");
    ASSERT_EQ(found["variance_ratio"].size(), 12u);
    EXPECT_GT(found["variance"][0].get<double>(), found["variance"][11].get<double>());
    const std::vector<float> scores = values_of(path("pca.h5ad"), "X_pca");
    double square = 0;
    for (std::size_t i = 0; i < scores.size(); i += 12) {
        square += static_cast<double>(scores[i]) * scores[i];
    }
    const double variance = found["variance"][0].get<double>();
    EXPECT_NEAR(square / (static_cast<double>(scores.size()) / 12 - 1), variance, 1e-4 * variance);

    const Outcome second = run({"embed", "umap", "--adata", path("pca.h5ad"), "--output", path("umap.h5ad"),
                                "--key", "X_pred_umap", "--n_epochs", "30", "--n-neighbors=8", "--json"});
    ASSERT_EQ(second.status, 0) << second.out << second.err;
    EXPECT_EQ(second.json()["use_rep"], "obsm/X_pca");
    EXPECT_EQ(second.json()["n_epochs"], 30);
    EXPECT_EQ(values_of(path("umap.h5ad"), "X_pred_umap").size(), scores.size() / 6);
    const json record = AnnData::open(path("umap.h5ad"))->uns("emberview")["embed"];
    EXPECT_EQ(record["X_pca"]["parameters"]["n_comps"], 12);
    EXPECT_EQ(record["X_pred_umap"]["parameters"]["n_neighbors"], 8);
    EXPECT_EQ(record["X_pred_umap"]["input"]["sha256"].get<std::string>().size(), 64u);
    EXPECT_EQ(AnnData::open(path("umap.h5ad"))->uns("pca")["variance_ratio"].size(), 12u);
}

TEST_F(Embed, TheSameSeedGivesTheSamePictureOnAnyThreads) {
    const std::string file = small_file(400);
    for (const char* threads : {"1", "2"}) {
        const Outcome outcome = run({"embed", "umap", "--adata", file, "--use-rep", "points", "--output",
                                     path(std::string("umap") + threads + ".h5ad"), "--threads", threads,
                                     "--n-epochs", "20", "--quiet"});
        ASSERT_EQ(outcome.status, 0) << outcome.err;
    }
    const std::vector<float> one = values_of(path("umap1.h5ad"), "X_umap");
    const std::vector<float> two = values_of(path("umap2.h5ad"), "X_umap");
    ASSERT_EQ(one.size(), two.size());
    for (std::size_t i = 0; i < one.size(); ++i) {
        EXPECT_TRUE(one[i] == two[i] || (std::isnan(one[i]) && std::isnan(two[i])));
    }
}

TEST_F(Embed, CellsThatAreNotFiniteAreListedAndLeftOut) {
    const Outcome outcome = run({"embed", "umap", "--adata", small_file(12), "--use-rep", "obsm/points",
                                 "--output", path("umap.h5ad"), "--json"});
    ASSERT_EQ(outcome.status, 0) << outcome.out;
    EXPECT_THAT(outcome.json()["left_out"].get<std::vector<int>>(), ElementsAre(3));
    EXPECT_THAT(outcome.err, HasSubstr("NaN or infinite"));
    EXPECT_THAT(outcome.err, HasSubstr("only 11 cells"));
    EXPECT_EQ(outcome.json()["n_neighbors"], 11);
    const std::vector<float> placed = values_of(path("umap.h5ad"), "X_umap");
    EXPECT_TRUE(std::isnan(placed[6]));
    EXPECT_TRUE(std::isfinite(placed[8]));
    EXPECT_EQ(AnnData::open(path("umap.h5ad"))->uns("emberview/embed/X_umap")["cells_left_out"], 1);
}

TEST_F(Embed, WrongNamesAreAnsweredWithTheNearest) {
    const Outcome outcome =
        run({"embed", "pca", "--adata", demo, "--use-rep", "X_hgv", "--output", path("o.h5ad"), "--json"});
    EXPECT_EQ(outcome.status, 3);
    EXPECT_EQ(outcome.error_class(), "MissingMember");
    EXPECT_THAT(outcome.out, HasSubstr("'X_hvg'"));
    const Outcome metric =
        run({"embed", "umap", "--adata", demo, "--metric", "cosin", "--output", path("o.h5ad")});
    EXPECT_EQ(metric.status, 2);
    EXPECT_THAT(metric.err, HasSubstr("'cosine'"));
    EXPECT_EQ(run({"embed", "pac"}).status, 2);
    EXPECT_THAT(run({"embed", "pac"}).err, HasSubstr("'pca'"));
    EXPECT_THAT(run({"embed", "umap", "--n-neighbours", "5"}).err, HasSubstr("'--n-neighbors'"));
    EXPECT_TRUE(entries_of(folder).empty());
}

TEST_F(Embed, ImpossibleRequestsAreRefused) {
    const std::string file = small_file(12), out = path("o.h5ad");
    for (const std::vector<std::string>& more : {std::vector<std::string>{"pca", "--n-comps", "3"},
                                                 {"pca", "--n-comps", "0"},
                                                 {"pca", "--key", "a/b"},
                                                 {"umap", "--n-neighbors", "1"},
                                                 {"umap", "--min-dist", "2"},
                                                 {"umap", "--n-epochs", "-1"}}) {
        std::vector<std::string> arguments = {"embed",    more[0], "--adata", file,    "--use-rep", "points",
                                              "--output", out,     more[1],   more[2], "--json"};
        const Outcome outcome = run(arguments);
        EXPECT_EQ(outcome.status, 2) << more[1];
        EXPECT_EQ(outcome.error_class(), "Usage") << more[1];
    }
    EXPECT_EQ(run({"embed", "umap", "--adata", file, "--use-rep", "points", "--output", file}).status, 2);
    EXPECT_EQ(
        run({"embed", "umap", "--adata", file, "--use-rep", "points", "--output", path("o.npy")}).status, 2);
    EXPECT_THAT(entries_of(folder), ElementsAre("small.h5ad"));
}

TEST_F(Embed, ASignalStopsItAndLeavesNothing) {
    using namespace std::chrono_literals;
    const pid_t process = start({"embed", "umap", "--adata", demo, "--use-rep", "X_hvg", "--n-epochs",
                                 "100000", "--output", path("umap.h5ad"), "--json"});
    ASSERT_GT(process, 0);
    for (int i = 0; i < 6000 && entries_of(folder).empty(); ++i) {
        std::this_thread::sleep_for(5ms);
    }
    kill(process, SIGTERM);
    const Outcome outcome = end_of(process);
    EXPECT_EQ(outcome.status, 130) << outcome.out << outcome.err;
    EXPECT_EQ(outcome.error_class(), "Cancelled");
    EXPECT_TRUE(entries_of(folder).empty());
}

} // namespace

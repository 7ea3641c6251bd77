// From a lasso's cells to everything that shows them: two panes, tables and histogram of the Predictions
// view. usage: linked_bench [CELLS [ROUNDS]] Prints one JSON object, times in ms: the selection handed over
// until the window has been painted again, for selections of 1 % and of half of the cells.

#include <algorithm>
#include <chrono>
#include <iostream>
#include <random>

#include <QApplication>
#include <QTemporaryDir>
#include <QToolButton>

#include <nlohmann/json.hpp>

#include "core/data/h5ad_writer.hpp"
#include "tests/widgets/fake_workspace.hpp"
#include "views/embedding/embedding_panes.hpp"
#include "views/prediction/prediction_view.hpp"
#include "views/selections.hpp"
#include "widgets/theme.hpp"

namespace {

using namespace ember;
using Clock = std::chrono::steady_clock;

void write_cells(std::size_t cells, const std::string& path) {
    constexpr std::size_t genes = 16;
    std::mt19937 random(1);
    std::normal_distribution<float> normal;
    NewAnnData data;
    CategoricalColumn condition{{"Sham", "Burn"}, {}, false}, type{{"Ker", "Fib", "Neu", "Mac"}, {}, false};
    std::vector<float> places;
    for (std::size_t cell = 0; cell < cells; ++cell) {
        data.obs_names.push_back("c" + std::to_string(cell));
        const auto burned = static_cast<std::int32_t>(random() % 2);
        const auto kind = static_cast<std::int32_t>(random() % 4);
        condition.codes.push_back(burned);
        type.codes.push_back(kind);
        places.push_back(normal(random) + 4.0f * static_cast<float>(kind));
        places.push_back(normal(random) + 3.0f * static_cast<float>(burned));
        for (std::size_t gene = 0; gene < genes; ++gene) {
            data.x.push_back(std::max(0.0f, normal(random)));
        }
    }
    for (std::size_t gene = 0; gene < genes; ++gene) {
        data.var_names.push_back("g" + std::to_string(gene));
    }
    data.obs = {{"condition", "category", condition}, {"cell_type", "category", type}};
    data.obsm = {{"X_umap", places}};
    write_h5ad(data, path);
}

nlohmann::json measure(FakeWorkspace& workspace, std::size_t cells, double share, int rounds) {
    std::vector<double> times;
    for (int round = 0; round < rounds; ++round) {
        CellSelection region(cells);
        const auto width = static_cast<std::size_t>(share * static_cast<double>(cells));
        const std::size_t first = static_cast<std::size_t>(round) * 7919 % (cells - width);
        for (std::size_t cell = first; cell < first + width; ++cell) {
            region.insert(cell);
        }
        const auto start = Clock::now();
        workspace.selections().change(workspace.ref(), region, SelectionMode::replace);
        QCoreApplication::processEvents();
        times.push_back(std::chrono::duration<double, std::milli>(Clock::now() - start).count());
    }
    std::sort(times.begin(), times.end());
    const auto at = [&](double part) {
        return times[static_cast<std::size_t>(part * static_cast<double>(times.size() - 1))];
    };
    return {{"p50", at(0.5)}, {"p95", at(0.95)}};
}

} // namespace

int main(int argc, char** argv) {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    applyTheme(application, ThemeMode::light);
    const std::size_t cells = argc > 1 ? std::stoul(argv[1]) : 1'000'000;
    const int rounds = argc > 2 ? std::stoi(argv[2]) : 100;
    const QTemporaryDir folder;
    const std::string file = folder.filePath("cells.h5ad").toStdString();
    write_cells(cells, file);
    FakeWorkspace workspace(file);
    PredictionView view(workspace);
    view.resize(1920, 1080);
    view.show();
    view.showDocument(workspace.ref());
    if (!workspace.waitForJobs() || view.result() == nullptr) {
        std::cerr << "error: the statistics did not come\n";
        return 1;
    }
    view.findChild<QToolButton*>("splitPane")->click();
    workspace.waitForJobs();
    QCoreApplication::processEvents();
    std::cout << nlohmann::json{{"cells", cells},
                                {"panes", view.panes()->panes().size()},
                                {"1 %", measure(workspace, cells, 0.01, rounds)},
                                {"50 %", measure(workspace, cells, 0.5, rounds)}}
                     .dump()
              << '\n';
}

#include "core/model/infer_cells.hpp"

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "core/base/error.hpp"
#include "core/base/nearest_names.hpp"
#include "core/model/control_draws.hpp"
#include "core/model/simulated_cells.hpp"

namespace ember {

namespace {

struct Editor {
    const InferRequest& request;
    const AnnData& data;
    const CellLabels& perts;
    const std::string& control;
    CellsToPredict cells;
    std::unordered_map<std::string, std::uint32_t> codes; ///< of cells.pert_names

    std::uint32_t code(const std::string& label) {
        const auto [at, fresh] = codes.try_emplace(label, static_cast<std::uint32_t>(codes.size()));
        if (fresh) {
            cells.pert_names.push_back(label);
        }
        return at->second;
    }

    /// Positions of the control cells among the cells so far.
    std::vector<std::uint64_t> controls() {
        const std::uint32_t wanted = code(control);
        std::vector<std::uint64_t> found;
        for (std::uint64_t i = 0; i < cells.pert.size(); ++i) {
            if (cells.pert[i] == wanted) {
                found.push_back(i);
            }
        }
        if (found.empty()) {
            throw Error("NoCells", "No control cell is left to copy",
                        {request.adata.string(), "obs/" + perts.column, {}},
                        "Keep a cell type that has '" + control + "' cells");
        }
        return found;
    }

    void add(std::uint64_t template_cell, std::uint32_t pert, std::string name) {
        if (cells.names.empty()) {
            for (const std::uint64_t row : cells.source) {
                cells.names.push_back(data.obs_names()[row]);
            }
        }
        cells.source.push_back(cells.source[template_cell]);
        cells.pert.push_back(pert);
        cells.names.push_back(std::move(name));
        cells.edited = cells.relabelled = true;
    }

    std::string name_of(std::uint64_t cell) const {
        return cells.names.empty() ? data.obs_names()[cells.source[cell]] : cells.names[cell];
    }

    void keep_only(const std::vector<bool>& keep) {
        if (std::find(keep.begin(), keep.end(), false) == keep.end()) {
            return;
        }
        std::size_t to = 0;
        for (std::size_t i = 0; i < keep.size(); ++i) {
            if (keep[i]) {
                cells.source[to] = cells.source[i];
                cells.pert[to] = cells.pert[i];
                if (!cells.names.empty() && to != i) { // a string moved onto itself is empty
                    cells.names[to] = std::move(cells.names[i]);
                }
                ++to;
            }
        }
        cells.source.resize(to);
        cells.pert.resize(to);
        if (!cells.names.empty()) {
            cells.names.resize(to);
        }
        cells.edited = true;
    }

    void add_from_table();
    void keep_cell_types(const CellLabels& types, std::vector<std::string>& warnings);
    void add_all_perts(const RunDirectory& run);
    void fill_to_minimum();
    void cut_to_maximum();
};

void Editor::add_from_table() {
    const auto rows = read_simulated_cells(request.tsv);
    const auto pool = controls();
    LegacyRandom random(request.seed);
    for (const SimulatedCells& row : rows) {
        if (row.cells <= 0) {
            continue;
        }
        const std::uint32_t pert = code(row.pert);
        for (const auto drawn : random.choose_with_replacement(static_cast<std::uint32_t>(pool.size()),
                                                               static_cast<std::size_t>(row.cells))) {
            add(pool[drawn], pert, std::to_string(cells.source.size()));
        }
    }
}

void Editor::keep_cell_types(const CellLabels& types, std::vector<std::string>& warnings) {
    if (types.column.empty()) {
        throw UsageError("--celltypes needs a cell type column, and the data has none that is known",
                         "Name it with --celltype-col");
    }
    std::vector<bool> wanted(types.names.size(), false);
    for (const std::string& name : request.celltypes) {
        if (const auto type = types.find(name)) {
            wanted[*type] = true;
        } else {
            const auto nearest = nearest_names(name, types.names);
            warnings.push_back("No cell has the cell type '" + name + "'" +
                               (nearest.empty() ? "" : "; the data has " + quoted_list(nearest)));
        }
    }
    std::vector<bool> keep(cells.source.size());
    for (std::size_t i = 0; i < keep.size(); ++i) {
        keep[i] = wanted[types.codes[cells.source[i]]];
    }
    keep_only(keep);
}

void Editor::add_all_perts(const RunDirectory& run) {
    if (request.virtual_cells_per_pert && *request.virtual_cells_per_pert <= 0) {
        throw UsageError("--virtual-cells-per-pert must be at least 1");
    }
    std::vector<bool> seen(cells.pert_names.size(), false);
    for (const std::uint32_t pert : cells.pert) {
        seen[pert] = true;
    }
    auto pool = controls();
    if (request.virtual_cells_per_pert &&
        pool.size() > static_cast<std::uint64_t>(*request.virtual_cells_per_pert)) {
        std::vector<std::uint64_t> some;
        for (const auto drawn :
             LegacyRandom(request.seed)
                 .choose_without_replacement(static_cast<std::uint32_t>(pool.size()),
                                             static_cast<std::size_t>(*request.virtual_cells_per_pert))) {
            some.push_back(pool[drawn]);
        }
        pool = std::move(some);
    }
    for (const std::string& label : run.perturbations.labels) {
        const std::uint32_t pert = code(label);
        if (pert < seen.size() && seen[pert]) {
            continue;
        }
        for (const std::uint64_t cell : pool) {
            add(cell, pert, name_of(cell) + "__virt_" + label);
        }
    }
}

void Editor::fill_to_minimum() {
    const auto pool = controls();
    LegacyRandom random(request.seed);
    std::vector<std::int64_t> counts(cells.pert_names.size(), 0);
    std::vector<std::uint32_t> order; // of first appearance
    for (const std::uint32_t pert : cells.pert) {
        if (counts[pert]++ == 0) {
            order.push_back(pert);
        }
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return counts[a] > counts[b]; });
    for (const std::uint32_t pert : order) {
        const std::int64_t deficit = *request.min_cells - counts[pert];
        if (deficit <= 0) {
            continue;
        }
        std::int64_t number = 0;
        for (const auto drawn : random.choose_with_replacement(static_cast<std::uint32_t>(pool.size()),
                                                               static_cast<std::size_t>(deficit))) {
            add(pool[drawn], pert,
                name_of(pool[drawn]) + "__virt_" + cells.pert_names[pert] + "__pad" +
                    std::to_string(++number));
        }
    }
}

void Editor::cut_to_maximum() {
    LegacyRandom random(request.seed + 1);
    std::vector<std::vector<std::uint64_t>> members(cells.pert_names.size());
    for (std::uint64_t i = 0; i < cells.pert.size(); ++i) {
        members[cells.pert[i]].push_back(i);
    }
    std::vector<std::size_t> order(members.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return cells.pert_names[a] < cells.pert_names[b]; });
    std::vector<bool> keep(cells.pert.size(), true);
    const auto most = static_cast<std::size_t>(*request.max_cells);
    for (const std::size_t pert : order) {
        const auto& rows = members[pert];
        if (rows.size() <= most) {
            continue;
        }
        for (const std::uint64_t row : rows) {
            keep[row] = false;
        }
        for (const auto drawn :
             random.choose_without_replacement(static_cast<std::uint32_t>(rows.size()), most)) {
            keep[rows[drawn]] = true;
        }
    }
    keep_only(keep);
}

} // namespace

CellsToPredict choose_cells(const InferRequest& request, const AnnData& data, const CellLabels& perts,
                            const CellLabels& cell_types, const std::string& control, const RunDirectory& run,
                            std::vector<std::string>& warnings) {
    if ((request.min_cells && *request.min_cells <= 0) || (request.max_cells && *request.max_cells <= 0)) {
        throw UsageError("--min-cells and --max-cells must be at least 1");
    }
    if (request.min_cells && request.max_cells && *request.max_cells < *request.min_cells) {
        throw UsageError("--max-cells is smaller than --min-cells");
    }
    Editor editor{request, data, perts, control, {}, {}};
    editor.cells.source.resize(data.n_obs());
    std::iota(editor.cells.source.begin(), editor.cells.source.end(), std::uint64_t{0});
    editor.cells.pert = perts.codes;
    for (const std::string& name : perts.names) {
        editor.code(name);
    }
    if (!request.tsv.empty()) {
        editor.add_from_table();
    }
    if (!request.celltypes.empty()) {
        editor.keep_cell_types(cell_types, warnings);
    }
    if (request.all_perts) {
        editor.add_all_perts(run);
    }
    if (request.min_cells) {
        editor.fill_to_minimum();
    }
    if (request.max_cells) {
        editor.cut_to_maximum();
    }
    if (editor.cells.source.empty()) {
        throw Error("NoCells", "No cell is left to predict", {request.adata.string(), {}, {}},
                    "Check --celltypes and the file");
    }
    return std::move(editor.cells);
}

} // namespace ember

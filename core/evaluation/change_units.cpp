#include "core/evaluation/change_units.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "core/base/error.hpp"
#include "core/base/nearest_names.hpp"

namespace ember {

namespace {

constexpr int parts = 10; ///< of the cells, where no replicates are known
constexpr std::uint64_t most_bytes = 2ULL << 30;

using Codes = std::vector<std::int32_t>;

bool has_column(const AnnData& data, const std::string& name) {
    const auto& columns = data.obs_columns();
    return !name.empty() && std::any_of(columns.begin(), columns.end(),
                                        [&](const ColumnInfo& column) { return column.name == name; });
}

CategoricalColumn groups_of(const AnnData& data, const std::string& column) {
    return as_groups(*data.obs(column));
}

std::vector<std::string> used(const CategoricalColumn& column) {
    const std::vector<std::uint64_t> counts = count_categories(column);
    std::vector<std::string> labels;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] > 0) {
            labels.push_back(column.categories[i]);
        }
    }
    return labels;
}

/// Codes into `labels` instead of the column's own; -1 for labels that are not there.
Codes codes_in(const CategoricalColumn& column, const std::vector<std::string>& labels) {
    std::unordered_map<std::string, std::int32_t> place;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        place.emplace(labels[i], static_cast<std::int32_t>(i));
    }
    Codes of_category;
    for (const std::string& category : column.categories) {
        const auto found = place.find(category);
        of_category.push_back(found == place.end() ? -1 : found->second);
    }
    Codes codes(column.codes.size(), -1);
    for (std::size_t cell = 0; cell < codes.size(); ++cell) {
        if (column.codes[cell] >= 0) {
            codes[cell] = of_category[static_cast<std::size_t>(column.codes[cell])];
        }
    }
    return codes;
}

/// Replicate × perturbation pairs, ascending by perturbation; the replicates of each.
std::set<std::pair<std::int32_t, std::int32_t>> pairs_of(const Codes& pert, const Codes& replicate) {
    std::set<std::pair<std::int32_t, std::int32_t>> pairs;
    for (std::size_t cell = 0; cell < pert.size(); ++cell) {
        if (pert[cell] >= 0 && replicate[cell] >= 0) {
            pairs.emplace(pert[cell], replicate[cell]);
        }
    }
    return pairs;
}

void use_parts(ChangeLayout& layout) {
    layout.replicates = false;
    layout.unit_block.clear();
    layout.replicate_names.clear();
    for (std::size_t pert = 0; pert < layout.perturbations.size(); ++pert) {
        for (int part = 0; part < parts; ++part) {
            layout.unit_replicate.push_back(static_cast<std::int32_t>(layout.unit_pert.size()));
            layout.unit_pert.push_back(static_cast<std::int32_t>(pert));
        }
    }
}

/// False where the control or most perturbations have a single replicate.
bool use_replicates(ChangeLayout& layout, const AnnData& data, const ChangeColumns& columns,
                    const Codes& pert) {
    const CategoricalColumn replicate = groups_of(data, columns.replicate_col);
    const auto pairs = pairs_of(pert, replicate.codes);
    std::vector<int> count(layout.perturbations.size(), 0);
    for (const auto& pair : pairs) {
        ++count[static_cast<std::size_t>(pair.first)];
    }
    const auto enough = std::count_if(count.begin() + 1, count.end(), [](int n) { return n >= 2; });
    if (count[0] < 2 || 2 * enough < static_cast<std::ptrdiff_t>(count.size() - 1)) {
        layout.warnings.push_back("One replicate of " + columns.replicate_col +
                                  " per condition: intervals come from random tenths of the cells, and "
                                  "cells are not replicates");
        return false;
    }
    layout.replicates = true;
    layout.replicate_names = replicate.categories;
    std::map<std::pair<std::int32_t, std::int32_t>, std::int32_t> unit;
    for (const auto& pair : pairs) {
        unit.emplace(pair, static_cast<std::int32_t>(layout.unit_pert.size()));
        layout.unit_pert.push_back(pair.first);
        layout.unit_replicate.push_back(pair.second);
    }
    if (has_column(data, columns.time_col)) {
        const CategoricalColumn time = groups_of(data, columns.time_col);
        layout.unit_block.assign(layout.unit_pert.size(), 0);
        for (std::size_t cell = 0; cell < pert.size(); ++cell) {
            if (pert[cell] >= 0 && replicate.codes[cell] >= 0) {
                layout.unit_block[static_cast<std::size_t>(unit.at({pert[cell], replicate.codes[cell]}))] =
                    time.codes[cell];
            }
        }
    }
    return true;
}

/// The unit of every cell; parts of the cells are dealt by a seeded hash of the cell's number.
Codes units_of(const AnnData& data, const ChangeColumns& columns, const ChangeLayout& layout,
               const Codes& pert, std::uint64_t seed) {
    Codes units(pert.size(), -1);
    if (layout.replicates && has_column(data, columns.replicate_col)) {
        const Codes replicate = codes_in(groups_of(data, columns.replicate_col), layout.replicate_names);
        std::map<std::pair<std::int32_t, std::int32_t>, std::int32_t> unit;
        for (std::size_t i = 0; i < layout.unit_pert.size(); ++i) {
            unit.emplace(std::pair{layout.unit_pert[i], layout.unit_replicate[i]},
                         static_cast<std::int32_t>(i));
        }
        for (std::size_t cell = 0; cell < pert.size(); ++cell) {
            const auto found = unit.find({pert[cell], replicate[cell]});
            units[cell] = found == unit.end() ? -1 : found->second;
        }
        return units;
    }
    std::vector<Codes> of_pert(layout.perturbations.size());
    for (std::size_t i = 0; i < layout.unit_pert.size(); ++i) {
        of_pert[static_cast<std::size_t>(layout.unit_pert[i])].push_back(static_cast<std::int32_t>(i));
    }
    for (std::size_t cell = 0; cell < pert.size(); ++cell) {
        if (pert[cell] >= 0 && !of_pert[static_cast<std::size_t>(pert[cell])].empty()) {
            const Codes& choice = of_pert[static_cast<std::size_t>(pert[cell])];
            std::uint64_t z = seed + 0x9e3779b97f4a7c15ULL * (cell + 1); // SplitMix64
            z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
            z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
            units[cell] = choice[(z ^ (z >> 31)) % choice.size()];
        }
    }
    return units;
}

[[noreturn]] void refuse_genes(const AnnData& data, const MatrixSource& source, std::string message) {
    throw Error("GenesDiffer", std::move(message), {data.path().string(), to_string(source), {}},
                "Compare matrices with the same genes; see --obsm and --pred-obsm");
}

/// Column of the matrix → gene of the layout, or -1.
Codes genes_in(const AnnData& data, const MatrixSource& source, const ChangeLayout& layout) {
    const std::vector<std::string> names = genes_of(data, source);
    const std::uint64_t width = data.matrix(source)->cols();
    Codes to(width, -1);
    if (names.empty() || !layout.named) {
        if (width != layout.width) {
            refuse_genes(data, source,
                         "The prediction has " + std::to_string(width) +
                             " columns without gene names, the "
                             "real cells have " +
                             std::to_string(layout.width));
        }
        for (std::size_t gene = 0; gene < layout.genes.size(); ++gene) {
            to[layout.columns[gene]] = static_cast<std::int32_t>(gene);
        }
        return to;
    }
    std::unordered_map<std::string, std::int32_t> place;
    for (std::size_t gene = 0; gene < layout.genes.size(); ++gene) {
        place.emplace(layout.genes[gene], static_cast<std::int32_t>(gene));
    }
    for (std::size_t column = 0; column < names.size(); ++column) {
        if (const auto found = place.find(names[column]); found != place.end() && found->second >= 0) {
            to[column] = std::exchange(found->second, -1); // of repeated names the first counts
        }
    }
    return to;
}

template<typename T>
bool is_finite_row(const RowBlock<T>& block, std::uint64_t row) {
    const auto finite = [](T value) { return std::isfinite(value); };
    if (block.sparse) {
        return std::all_of(block.values.begin() + static_cast<std::ptrdiff_t>(block.indptr[row]),
                           block.values.begin() + static_cast<std::ptrdiff_t>(block.indptr[row + 1]), finite);
    }
    const auto begin = block.dense.begin() + static_cast<std::ptrdiff_t>(row * block.cols);
    return std::all_of(begin, begin + static_cast<std::ptrdiff_t>(block.cols), finite);
}

void add_row(const RowBlock<float>& block, std::uint64_t row, const Codes& to, std::vector<double>& sum) {
    if (block.sparse) {
        for (std::uint64_t at = block.indptr[row]; at < block.indptr[row + 1]; ++at) {
            if (const std::int32_t gene = to[block.indices[at]]; gene >= 0) {
                sum[static_cast<std::size_t>(gene)] += block.values[at];
            }
        }
        return;
    }
    const float* values = block.dense.data() + row * block.cols;
    for (std::uint64_t column = 0; column < block.cols; ++column) {
        if (to[column] >= 0) {
            sum[static_cast<std::size_t>(to[column])] += values[column];
        }
    }
}

/// Groups that have cells, and the group of every cell (-1: left out).
Codes make_groups(ChangeSums& sums, const ChangeLayout& layout, const Codes& pert, const Codes& type,
                  const Codes& unit) {
    std::map<std::tuple<std::int32_t, std::int32_t, std::int32_t>, std::int32_t> place;
    for (std::size_t cell = 0; cell < pert.size(); ++cell) {
        if (pert[cell] >= 0 && type[cell] >= 0 && unit[cell] >= 0) {
            place.emplace(std::tuple{pert[cell], type[cell], unit[cell]}, 0);
        }
    }
    if (place.size() * layout.genes.size() * sizeof(double) > most_bytes) {
        throw ResourceError("NoMemory",
                            std::to_string(place.size()) +
                                " groups of perturbation, cell type and replicate are too many to compare "
                                "at once",
                            {}, "Compare a subset of the perturbations, or without replicates");
    }
    sums.by_type.assign(layout.types.size(), {});
    for (auto& [key, index] : place) {
        index = static_cast<std::int32_t>(sums.groups.size());
        const auto& [p, t, u] = key;
        sums.groups.push_back({p, t, u, 0, std::vector<double>(layout.genes.size(), 0)});
        sums.by_type[static_cast<std::size_t>(t)].push_back(index);
    }
    Codes group(pert.size(), -1);
    for (std::size_t cell = 0; cell < pert.size(); ++cell) {
        if (pert[cell] >= 0 && type[cell] >= 0 && unit[cell] >= 0) {
            group[cell] = place.at({pert[cell], type[cell], unit[cell]});
        }
    }
    return group;
}

} // namespace

std::uint64_t ChangeSums::cells_of(std::int32_t pert, std::int32_t type) const {
    std::uint64_t count = 0;
    for (const std::int32_t group : by_type[static_cast<std::size_t>(type)]) {
        const ChangeGroup& one = groups[static_cast<std::size_t>(group)];
        count += one.pert == pert ? one.cells : 0;
    }
    return count;
}

std::vector<std::string> genes_of(const AnnData& data, const MatrixSource& source) {
    if (source.kind == MatrixSource::Kind::raw_x) {
        return data.raw_var_names();
    }
    const std::uint64_t width = data.matrix(source)->cols();
    if (width == data.n_vars()) {
        return data.var_names();
    }
    std::vector<std::string> names;
    const auto& columns = data.var_columns();
    if (std::any_of(columns.begin(), columns.end(),
                    [](const ColumnInfo& info) { return info.name == "highly_variable"; })) {
        const auto column = data.var("highly_variable");
        if (const auto* flags = std::get_if<BooleanColumn>(&column->data)) {
            for (std::size_t gene = 0; gene < flags->values.size(); ++gene) {
                if (flags->values[gene] != 0) {
                    names.push_back(data.var_names()[gene]);
                }
            }
        }
    }
    return names.size() == width ? names : std::vector<std::string>();
}

void keep_common_genes(ChangeLayout& layout, const AnnData& data, const MatrixSource& source) {
    const Codes to = genes_in(data, source, layout);
    std::vector<bool> found(layout.genes.size(), false);
    for (const std::int32_t gene : to) {
        if (gene >= 0) {
            found[static_cast<std::size_t>(gene)] = true;
        }
    }
    const std::size_t before = layout.genes.size();
    std::size_t kept = 0;
    for (std::size_t gene = 0; gene < before; ++gene) {
        if (found[gene]) {
            layout.genes[kept] = layout.genes[gene];
            layout.columns[kept++] = layout.columns[gene];
        }
    }
    if (kept < 3) {
        refuse_genes(data, source,
                     "Prediction and real cells have " + std::to_string(kept) + " gene names in common");
    }
    layout.genes.resize(kept);
    layout.columns.resize(kept);
    if (kept < before) {
        layout.warnings.push_back(data.path().filename().string() + " lacks " +
                                  std::to_string(before - kept) + " of " + std::to_string(before) +
                                  " genes; the others are compared");
    }
}

/// Names of the observed columns; of repeated names the first counts.
static void name_genes(ChangeLayout& layout, const AnnData& data, const MatrixSource& source) {
    const std::vector<std::string> names = genes_of(data, source);
    layout.width = data.matrix(source)->cols();
    layout.named = !names.empty();
    std::set<std::string> seen;
    for (std::uint64_t column = 0; column < layout.width; ++column) {
        std::string name = layout.named ? names[column] : "gene " + std::to_string(column + 1);
        if (seen.insert(name).second) {
            layout.genes.push_back(std::move(name));
            layout.columns.push_back(static_cast<std::uint32_t>(column));
        }
    }
    if (layout.genes.size() < layout.width) {
        layout.warnings.push_back(std::to_string(layout.width - layout.genes.size()) +
                                  " gene names are repeated; the first of each is compared");
    }
}

ChangeLayout change_layout(const AnnData& data, const MatrixSource& source, const ChangeColumns& columns) {
    ChangeLayout layout;
    if (columns.pert_col.empty()) {
        throw UsageError("It is not known which column holds the perturbations", "Give it with --pert-col");
    }
    const CategoricalColumn pert = groups_of(data, columns.pert_col);
    const std::vector<std::string> labels = used(pert);
    if (std::find(labels.begin(), labels.end(), columns.control_pert) == labels.end()) {
        const std::vector<std::string> nearest = nearest_names(columns.control_pert, labels);
        throw UsageError(columns.control_pert.empty()
                             ? "It is not known which label of " + columns.pert_col + " is the control"
                             : "The control '" + columns.control_pert + "' is no label of " +
                                   columns.pert_col,
                         nearest.empty() ? "Give it with --control-pert"
                                         : "Give it with --control-pert: " + quoted_list(nearest));
    }
    layout.perturbations.push_back(columns.control_pert);
    for (const std::string& label : labels) {
        if (label != columns.control_pert) {
            layout.perturbations.push_back(label);
        }
    }
    layout.types = columns.celltype_col.empty() ? std::vector<std::string>{""}
                                                : used(groups_of(data, columns.celltype_col));
    name_genes(layout, data, source);
    if (!has_column(data, columns.replicate_col) ||
        !use_replicates(layout, data, columns, codes_in(pert, layout.perturbations))) {
        if (columns.replicate_col.empty()) {
            layout.warnings.push_back("No replicates are known: intervals come from random tenths of the "
                                      "cells, and cells are not replicates");
        }
        use_parts(layout);
    }
    return layout;
}

ChangeSums change_sums(const AnnData& data, const MatrixSource& source, const ChangeColumns& columns,
                       const ChangeLayout& layout, std::uint64_t seed, JobContext& job) {
    const Codes to = genes_in(data, source, layout);
    const Codes pert = codes_in(groups_of(data, columns.pert_col), layout.perturbations);
    const Codes type = columns.celltype_col.empty()
                           ? Codes(pert.size(), 0)
                           : codes_in(groups_of(data, columns.celltype_col), layout.types);
    ChangeSums sums;
    const Codes group = make_groups(sums, layout, pert, type, units_of(data, columns, layout, pert, seed));
    const MatrixPtr matrix = data.matrix(source);
    if (matrix->rows() != group.size()) {
        throw Error("ShapeMismatch", "The matrix and the cells differ in number",
                    {data.path().string(), to_string(source), {}}, "Choose another matrix");
    }
    job.begin("Reading " + data.path().filename().string(), matrix->rows(), "cells");
    const std::function<void(const RowBlock<float>&)> visit = [&](const RowBlock<float>& block) {
        for (std::uint64_t row = 0; row < block.rows; ++row) {
            if (row % 256 == 0) {
                job.check_cancelled();
            }
            const std::int32_t at = group[block.first_row + row];
            if (at < 0) {
                ++sums.without_label;
            } else if (!is_finite_row(block, row)) {
                ++sums.nonfinite;
            } else {
                ChangeGroup& one = sums.groups[static_cast<std::size_t>(at)];
                add_row(block, row, to, one.sum);
                ++one.cells;
                ++sums.cells;
            }
        }
        job.advance_to(block.first_row + block.rows);
    };
    matrix->for_each_block(visit, job);
    return sums;
}

} // namespace ember

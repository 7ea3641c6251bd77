#include "core/genes/change_blocks.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <random>

#include "core/analysis/mean_tests.hpp"
#include "core/genes/cell_design.hpp"
#include "core/genes/gene_scan.hpp"
#include "core/genes/gene_words.hpp"

namespace ember {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint64_t tenths = 10;
constexpr double nearly_one = 1 - 1e-12; ///< Fisher's z ends there

/// A number without pattern for each cell (SplitMix64's mixing).
std::uint64_t mixed(std::uint64_t value) {
    value += 0x9E3779B97F4A7C15U;
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9U;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBU;
    return value ^ (value >> 31);
}

/// Which block every cell is summed in: a stratum and a place in its list.
struct BlockOfCell {
    std::vector<std::int32_t> number; ///< [cells]; -1: none
    std::vector<std::pair<std::size_t, std::size_t>> place;
};

BlockOfCell assign(const CellDesign& design, const ChangeBlocksRequest& request, std::int32_t group,
                   std::vector<ChangeBlocks>& strata) {
    std::vector<std::int32_t> wanted; // stratum of the design to one asked for
    for (const Stratum& stratum : design.strata) {
        const auto at = std::find(request.labels.begin(), request.labels.end(), stratum.labels);
        wanted.push_back(at == request.labels.end() ? -1
                                                    : static_cast<std::int32_t>(at - request.labels.begin()));
    }
    BlockOfCell blocks;
    blocks.number.assign(design.leaf.size(), -1);
    // by leaf, with the tenth that no random one is, or by cohort and tenth
    std::map<std::pair<std::int32_t, std::uint64_t>, std::int32_t> known;
    for (std::size_t cell = 0; cell < design.leaf.size(); ++cell) {
        const std::int32_t leaf = design.leaf[cell];
        if (leaf < 0) {
            continue;
        }
        const Leaf& of = design.leaves[static_cast<std::size_t>(leaf)];
        const Cohort& cohort = design.cohorts[of.cohort];
        const std::int32_t stratum = wanted[cohort.stratum];
        if (stratum < 0) {
            continue;
        }
        const auto s = static_cast<std::size_t>(stratum);
        const bool replicates = request.by_replicate[s];
        if (replicates && of.replicate < 0) {
            continue;
        }
        const std::uint64_t tenth = replicates ? tenths : mixed(request.seed ^ mixed(cell)) % tenths;
        const std::int32_t owner = replicates ? leaf : static_cast<std::int32_t>(of.cohort);
        const auto [at, added] =
            known.try_emplace({owner, tenth}, static_cast<std::int32_t>(blocks.place.size()));
        if (added) {
            blocks.place.emplace_back(s, strata[s].size());
            strata[s].push_back({replicates ? design.replicates[static_cast<std::size_t>(of.replicate)]
                                            : std::to_string(tenth),
                                 cohort.group == group, 0, std::vector<double>(request.columns.size(), 0)});
        }
        blocks.number[cell] = at->second;
        strata[s][blocks.place[static_cast<std::size_t>(at->second)].second].cells += 1;
    }
    return blocks;
}

void centre(std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) {
        sum += value;
    }
    for (double& value : values) {
        value -= sum / static_cast<double>(values.size());
    }
}

/// How often each key was drawn, on each side.
struct Draw {
    std::map<std::string, double> group, reference;
};

std::vector<std::string> keys_of(const ChangeBlocks& blocks, bool group) {
    std::vector<std::string> keys;
    for (const ChangeBlock& block : blocks) {
        if (block.group == group) {
            keys.push_back(block.key);
        }
    }
    std::sort(keys.begin(), keys.end());
    return keys;
}

std::map<std::string, double> draw_keys(const std::vector<std::string>& keys, std::mt19937_64& random) {
    std::map<std::string, double> drawn;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        ++drawn[keys[random() % keys.size()]];
    }
    return drawn;
}

/// Share of each block's sums in the change; empty when a side has no cells.
std::vector<double> weights_of(const ChangeBlocks& blocks, const Draw& draw) {
    double group = 0, reference = 0;
    std::vector<double> weights;
    for (const ChangeBlock& block : blocks) {
        const auto& side = block.group ? draw.group : draw.reference;
        const auto at = side.find(block.key);
        weights.push_back(at == side.end() ? 0 : at->second);
        (block.group ? group : reference) += weights.back() * block.cells;
    }
    if (group == 0 || reference == 0) {
        return {};
    }
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        weights[i] /= blocks[i].group ? group : -reference;
    }
    return weights;
}

/// Products of all blocks of one list with all of another.
std::vector<double> products(const ChangeBlocks& a, const ChangeBlocks& b) {
    std::vector<double> found;
    for (const ChangeBlock& one : a) {
        for (const ChangeBlock& other : b) {
            double sum = 0;
            for (std::size_t gene = 0; gene < one.sums.size(); ++gene) {
                sum += one.sums[gene] * other.sums[gene];
            }
            found.push_back(sum);
        }
    }
    return found;
}

double form(const std::vector<double>& a, const std::vector<double>& matrix, const std::vector<double>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        for (std::size_t j = 0; j < b.size(); ++j) {
            sum += a[i] * matrix[i * b.size() + j] * b[j];
        }
    }
    return sum;
}

} // namespace

std::vector<ChangeBlocks> measure_blocks(const AnnData& data, const ChangeBlocksRequest& request,
                                         JobContext& job) {
    CellDesignRequest cells{request.pert_col, request.replicate_col, false, request.strata, {}};
    const CategoricalColumn column = as_groups(*data.obs(request.pert_col));
    const std::int32_t group = group_index(column.categories, request.group, request.pert_col);
    cells.only = {group, group_index(column.categories, request.reference, request.pert_col)};
    const CellDesign design = design_cells(data, cells);
    std::vector<ChangeBlocks> strata(request.labels.size());
    const BlockOfCell blocks = assign(design, request, group, strata);
    const MatrixPtr matrix = data.matrix(request.source);
    std::vector<std::int32_t> gene_of_column(matrix->cols(), -1);
    for (std::size_t gene = 0; gene < request.columns.size(); ++gene) {
        gene_of_column[request.columns[gene]] = static_cast<std::int32_t>(gene);
    }
    for_each_gene(
        *matrix, blocks.number,
        [&](std::uint64_t gene, std::span<std::uint64_t> words) {
            if (gene_of_column[gene] < 0) {
                return;
            }
            const auto at = static_cast<std::size_t>(gene_of_column[gene]);
            for (const std::uint64_t word : words) {
                const auto [stratum, block] = blocks.place[word_leaf(word)];
                const auto value = static_cast<double>(word_value(word));
                strata[stratum][block].sums[at] += std::isfinite(value) ? value : 0;
            }
        },
        job);
    for (ChangeBlocks& stratum : strata) {
        for (ChangeBlock& block : stratum) {
            centre(block.sums);
        }
    }
    return strata;
}

Interval bootstrap_correlation(double r, const ChangeBlocks& observed, const ChangeBlocks& predicted,
                               int resamples, std::uint64_t seed) {
    const auto group = keys_of(observed, true), reference = keys_of(observed, false);
    if (group.size() < 2 || reference.size() < 2 || resamples < 2) {
        return {nan, nan};
    }
    const auto own = products(observed, observed), both = products(observed, predicted),
               other = products(predicted, predicted);
    std::mt19937_64 random(mixed(seed));
    std::vector<double> found;
    for (int b = 0; b < resamples; ++b) {
        Draw draw;
        draw.group = draw_keys(group, random);
        draw.reference = draw_keys(reference, random);
        const auto x = weights_of(observed, draw), y = weights_of(predicted, draw);
        const double drawn = form(x, both, y) / std::sqrt(form(x, own, x) * form(y, other, y));
        if (!x.empty() && !y.empty() && std::isfinite(drawn)) {
            found.push_back(std::atanh(std::clamp(drawn, -nearly_one, nearly_one)));
        }
    }
    if (found.size() < 20) {
        return {nan, nan};
    }
    const double spread = 1.959963984540054 * std::sqrt(moments_of(found).variance);
    const double middle = std::atanh(std::clamp(r, -nearly_one, nearly_one));
    return {std::tanh(middle - spread), std::tanh(middle + spread)};
}

} // namespace ember

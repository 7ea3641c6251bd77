#include "core/evaluation/pathway_verdicts.hpp"

#include <cmath>
#include <limits>

#include "core/evaluation/verdict_words.hpp"

namespace ember {

namespace {

constexpr double alpha = 0.05;

std::string named(const ComparedPathway& row) {
    return set_in_words(row.name) + (row.nes[0] > 0 ? " (up)" : " (down)");
}

bool is_observed(const ComparedPathway& row) {
    return row.padj[0] < alpha && row.like.empty();
}

/// Same direction and beyond chance.
bool is_found(const ComparedPathway& row, std::size_t model) {
    return row.padj[model + 1] < alpha && (row.nes[model + 1] > 0) == (row.nes[0] > 0);
}

VerdictTest test_of(const CompareResult& result, double padj) {
    VerdictTest test;
    test.statistic = "Gene set enrichment of the ranked change, smallest adjusted p";
    test.p = padj;
    test.n = result.genes.size();
    test.unit = "genes";
    test.method =
        "Pre-ranked enrichment, 1,000 shuffles of the genes, Benjamini–Hochberg over the sets of " +
        result.gene_sets +
        "; sets with mostly the same leading genes count once; genes are not independent, so p-values are "
        "guides";
    return test;
}

} // namespace

void judge_pathways(const CompareRequest&, const CompareResult& result, std::vector<Verdict>& verdicts) {
    for (const PathwayTable& table : result.pathways) {
        if (!table.type.empty()) {
            continue;
        }
        std::vector<const ComparedPathway*> observed;
        std::vector<std::string> names;
        for (const ComparedPathway& row : table.rows) {
            if (is_observed(row)) {
                observed.push_back(&row);
                names.push_back(named(row));
            }
        }
        Verdict verdict;
        verdict.kind = "pathways";
        verdict.severity = Severity::note;
        if (observed.empty()) {
            verdict.title = "No pathway stands out in the observed change of " + table.perturbation;
            verdict.sentence = std::to_string(table.rows.size()) + " sets of " + result.gene_sets +
                               " were tested on the mean change of the cell types.";
            verdict.test = test_of(result, table.rows.empty() ? std::numeric_limits<double>::quiet_NaN()
                                                              : table.rows.front().padj[0]);
            verdicts.push_back(verdict);
            continue;
        }
        verdict.title = table.perturbation + " changes " + std::to_string(observed.size()) +
                        (observed.size() == 1 ? " pathway" : " pathways");
        verdict.sentence = list_in_words(names, 9) + ".";
        verdict.test = test_of(result, observed.front()->padj[0]);
        verdicts.push_back(verdict);
        for (std::size_t model = 0; model < result.models.size(); ++model) {
            std::vector<std::string> found, missed;
            for (const ComparedPathway* row : observed) {
                (is_found(*row, model) ? found : missed).push_back(named(*row));
            }
            Verdict of_model;
            of_model.kind = "pathways_missed";
            of_model.model = result.models[model].name;
            of_model.severity = missed.empty()                        ? Severity::good
                                : 2 * missed.size() > observed.size() ? Severity::bad
                                                                      : Severity::caution;
            of_model.title = result.models[model].name + " finds " + std::to_string(found.size()) + " of " +
                             std::to_string(observed.size()) + " changed pathways";
            of_model.sentence = (found.empty() ? "" : "Found: " + list_in_words(found, 9) + ".") +
                                (found.empty() || missed.empty() ? "" : " ") +
                                (missed.empty() ? "" : "Missed: " + list_in_words(missed, 9) + ".");
            of_model.test = test_of(result, std::numeric_limits<double>::quiet_NaN());
            verdicts.push_back(of_model);
        }
    }
}

} // namespace ember

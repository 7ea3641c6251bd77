// The condition table as CSV.

#include "core/analysis/csv_text.hpp"
#include "core/genes/condition_response.hpp"

namespace ember {

namespace {

std::string start_of(const std::vector<std::string>& labels) {
    std::string start;
    for (const std::string& label : labels) {
        start += csv_text(label) + ',';
    }
    return start;
}

std::string numbers(std::initializer_list<double> values) {
    std::string text;
    for (const double value : values) {
        text += ',' + csv_number(value);
    }
    return text;
}

} // namespace

std::string condition_response_csv(const ConditionResponseRequest& request,
                                   const ConditionResponse& response) {
    std::string csv = start_of(request.strata) +
                      "gene,observed,observed_low,observed_high,observed_score,observed_pval,observed_padj";
    for (const std::string& name : response.predictions) {
        for (const char* end : {"", "_low", "_high", "_score", "_same_direction"}) {
            csv += ',' + csv_text(name + end);
        }
    }
    csv += '\n';
    for (const ResponseStratum& stratum : response.strata) {
        const std::string start = start_of(stratum.labels);
        const DifferentialTable& real = stratum.observed;
        for (const std::size_t gene : by_score(real)) {
            csv += start + csv_text(response.genes[gene]) +
                   numbers({real.log_fold_change[gene], real.low[gene], real.high[gene], real.score[gene],
                            real.pval[gene], real.padj[gene]});
            for (const DifferentialTable& guess : stratum.predicted) {
                const double product = (real.mean_group[gene] - real.mean_reference[gene]) *
                                       (guess.mean_group[gene] - guess.mean_reference[gene]);
                csv += numbers(
                    {guess.log_fold_change[gene], guess.low[gene], guess.high[gene], guess.score[gene]});
                csv += product > 0 ? ",1" : product <= 0 ? ",0" : ",";
            }
            csv += '\n';
        }
    }
    return csv;
}

std::string response_agreement_csv(const ConditionResponseRequest& request,
                                   const ConditionResponse& response) {
    std::string csv =
        start_of(request.strata) +
        "prediction,n_group,n_reference,replicates_group,replicates_reference,genes,same_direction,"
        "same_direction_low,same_direction_high,pearson,pearson_low,pearson_high,slope\n";
    for (const ResponseStratum& stratum : response.strata) {
        const DifferentialTable& real = stratum.observed;
        for (std::size_t p = 0; p < response.predictions.size(); ++p) {
            const ResponseAgreement& agreement = stratum.agreement[p];
            csv += start_of(stratum.labels) + csv_text(response.predictions[p]);
            for (const std::uint64_t count : {real.n_group, real.n_reference, real.replicates_group,
                                              real.replicates_reference, agreement.genes}) {
                csv += ',' + std::to_string(count);
            }
            csv += numbers({agreement.same_direction, agreement.low, agreement.high, agreement.pearson,
                            agreement.pearson_low, agreement.pearson_high, agreement.slope}) +
                   '\n';
        }
    }
    return csv;
}

} // namespace ember

// The condition table as CSV and JSON, and the files with their provenance.

#include <cmath>

#include "core/analysis/csv_text.hpp"
#include "core/base/atomic_file.hpp"
#include "core/base/fingerprint.hpp"
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

nlohmann::json number(double value) {
    return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr);
}

nlohmann::json file_json(const std::filesystem::path& file, const MatrixSource& source, JobContext& job) {
    return {{"file", std::filesystem::absolute(file).string()},
            {"sha256", sha256_of_file(file, job)},
            {"matrix", to_string(source)}};
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

nlohmann::json condition_response_json(const ConditionResponseRequest& request,
                                       const ConditionResponse& response) {
    nlohmann::json strata = nlohmann::json::array();
    for (const ResponseStratum& stratum : response.strata) {
        nlohmann::json agreement = nlohmann::json::object();
        for (std::size_t p = 0; p < response.predictions.size(); ++p) {
            const ResponseAgreement& one = stratum.agreement[p];
            agreement[response.predictions[p]] = {
                {"genes", one.genes},
                {"same_direction", number(one.same_direction)},
                {"same_direction_interval", {number(one.low), number(one.high)}},
                {"pearson", number(one.pearson)},
                {"pearson_interval", {number(one.pearson_low), number(one.pearson_high)}},
                {"slope", number(one.slope)}};
        }
        const DifferentialTable& real = stratum.observed;
        strata.push_back({{"within", stratum.labels},
                          {"n_group", real.n_group},
                          {"n_reference", real.n_reference},
                          {"replicates_group", real.replicates_group},
                          {"replicates_reference", real.replicates_reference},
                          {"unit", to_string(real.unit)},
                          {"test", to_string(real.test)},
                          {"tested", real.tested},
                          {"note", real.note},
                          {"agreement", agreement}});
    }
    return {{"genes", response.genes.size()},
            {"predictions", response.predictions},
            {"strata", strata},
            {"warnings", response.warnings},
            {"parameters",
             {{"groupby", request.pert_col},
              {"group", request.group},
              {"reference", request.reference},
              {"within", request.strata},
              {"replicate", request.replicate_col},
              {"unit", to_string(request.unit)},
              {"method", to_string(request.test)},
              {"alpha", request.alpha},
              {"top_genes", request.top_genes},
              {"bootstrap", request.bootstrap},
              {"seed", request.seed}}},
            {"definitions",
             {{"same_direction",
               "share of genes whose mean changes with the same sign, with Wilson's 95 % interval; over the "
               "genes with adjusted p below alpha, or the top_genes by |score| where fewer than ten are"},
              {"pearson", "of the changes of the mean over all genes; 95 % interval from drawing replicates, "
                          "else tenths of the cells, again"},
              {"slope", "predicted against observed change, through the origin"}}}};
}

std::vector<std::filesystem::path>
write_condition_response(const AnnData& observed, const std::vector<PredictedCells>& predictions,
                         const ConditionResponseRequest& request, const ConditionResponse& response,
                         const std::filesystem::path& csv, JobContext& job) {
    nlohmann::json beside = {{"program", "emberview"},
                             {"version", EMBER_VERSION},
                             {"input", file_json(observed.path(), request.source, job)}};
    for (const PredictedCells& prediction : predictions) {
        beside["predicted"].push_back(file_json(prediction.data->path(), prediction.source, job));
        beside["predicted"].back()["name"] = prediction.name;
    }
    beside.update(condition_response_json(request, response));
    std::filesystem::path agreement = csv;
    agreement.replace_filename(csv.stem().string() + "_agreement.csv");
    write_file_atomically(csv, condition_response_csv(request, response));
    write_file_atomically(agreement, response_agreement_csv(request, response));
    write_file_atomically(std::filesystem::path(csv).replace_extension(".json"),
                          beside.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    return {csv, agreement};
}

} // namespace ember

#pragma once
// What a comparison says in plain words, each sentence with the test behind it.

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace ember {

enum class Severity { good, note, caution, bad };

/// "good", "note", "caution", "bad".
const char* to_string(Severity severity) noexcept;

/// What stands behind a sentence. NaN: not defined for this verdict.
struct VerdictTest {
    std::string statistic;   ///< "Pearson of the change"; empty: no test, a fact of the record
    double value, low, high; ///< 95 % interval
    double p;                ///< of `method`
    std::uint64_t n = 0;     ///< units
    std::string unit;        ///< "mice", "cells", "genes"
    std::string method;      ///< one sentence
    VerdictTest();
};

struct Verdict {
    std::string kind; ///< stable word: "predicts_change", "blind_spot", "unknown_perturbation" …
    Severity severity = Severity::note;
    std::string model; ///< empty: of the data, or of all
    std::string title, sentence;
    VerdictTest test;
};

/// The margins that rules use; stated in reports.
struct VerdictRules {
    double alpha = 0.05;
    double predicts = 0.3;     ///< least mean r of a prediction that is said to predict
    double well = 0.7;         ///< from here on "predicts", below "predicts partly"
    double blind_margin = 0.2; ///< a blind spot's interval ends this far below the others' median
    double sound = 0.3;        ///< least median r of the other cell types for one to be called a blind spot
    double small = 0.5;        ///< slopes below count as too small, above 1 / small as too large
};

struct CompareRequest;
struct CompareResult;

/// In the order of importance: data, each model, models against each other, pathways.
std::vector<Verdict> verdicts_on(const CompareRequest& request, const CompareResult& result,
                                 const VerdictRules& rules = {});

nlohmann::json verdicts_json(const std::vector<Verdict>& verdicts);

/// `kind,severity,model,title,sentence,statistic,value,low,high,p,n,unit,method`; full precision.
std::string verdicts_csv(const std::vector<Verdict>& verdicts);

/// "Pearson of the change 0.03 (95 % −0.02 to 0.08); p = 0.4; 18 mice. Method."
std::string test_text(const VerdictTest& test);

} // namespace ember

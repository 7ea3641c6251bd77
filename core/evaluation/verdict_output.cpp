// Verdicts as JSON, CSV and text.

#include <cmath>
#include <limits>

#include "core/analysis/csv_text.hpp"
#include "core/evaluation/verdict_words.hpp"
#include "core/evaluation/verdicts.hpp"

namespace ember {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

nlohmann::json number(double value) {
    return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr);
}

} // namespace

VerdictTest::VerdictTest() : value(nan), low(nan), high(nan), p(nan) {}

const char* to_string(Severity severity) noexcept {
    switch (severity) {
    case Severity::good:
        return "good";
    case Severity::note:
        return "note";
    case Severity::caution:
        return "caution";
    case Severity::bad:
        return "bad";
    }
    return "";
}

nlohmann::json verdicts_json(const std::vector<Verdict>& verdicts) {
    nlohmann::json all = nlohmann::json::array();
    for (const Verdict& verdict : verdicts) {
        const VerdictTest& test = verdict.test;
        all.push_back({{"kind", verdict.kind},
                       {"severity", to_string(verdict.severity)},
                       {"model", verdict.model},
                       {"title", verdict.title},
                       {"sentence", verdict.sentence},
                       {"test",
                        {{"statistic", test.statistic},
                         {"value", number(test.value)},
                         {"low", number(test.low)},
                         {"high", number(test.high)},
                         {"p", number(test.p)},
                         {"n", test.n},
                         {"unit", test.unit},
                         {"method", test.method}}}});
    }
    return all;
}

std::string verdicts_csv(const std::vector<Verdict>& verdicts) {
    std::string csv = "kind,severity,model,title,sentence,statistic,value,low,high,p,n,unit,method\n";
    for (const Verdict& verdict : verdicts) {
        const VerdictTest& test = verdict.test;
        csv += verdict.kind + ',' + to_string(verdict.severity);
        for (const std::string& text : {verdict.model, verdict.title, verdict.sentence, test.statistic}) {
            csv += ',' + csv_text(text);
        }
        for (const double value : {test.value, test.low, test.high, test.p}) {
            csv += ',' + csv_number(value);
        }
        csv += ',' + std::to_string(test.n) + ',' + csv_text(test.unit) + ',' + csv_text(test.method) + '\n';
    }
    return csv;
}

std::string test_text(const VerdictTest& test) {
    std::string text = test.statistic;
    if (std::isfinite(test.value)) {
        text += " " + in_words(Estimate{test.value, test.low, test.high});
    }
    if (std::isfinite(test.p)) {
        text += (text.empty() ? "" : "; ") + p_in_words(test.p);
    }
    if (test.n > 0) {
        text += (text.empty() ? "" : "; ") + count_in_words(test.n) + " " + test.unit;
    }
    if (!test.method.empty()) {
        text += (text.empty() ? "" : ". ") + test.method;
    }
    return text + ".";
}

} // namespace ember

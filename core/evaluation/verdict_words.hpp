#pragma once
// Numbers and lists inside sentences.

#include <cstdint>
#include <string>
#include <vector>

#include "core/evaluation/change_agreement.hpp"

namespace ember {

/// Two decimals and a true minus sign: "−0.02"; "–" for NaN.
std::string in_words(double value);
/// "0.97 (95 % 0.95 to 0.98)"; without an interval the value alone.
std::string in_words(const Estimate& estimate);
/// "p = 0.021", "p = 0.001"
std::string p_in_words(double p);
/// "2,000"
std::string count_in_words(std::uint64_t count);
/// "Ker", "Ker and Fib", "Ker, Fib and 9 more".
std::string list_in_words(const std::vector<std::string>& names, std::size_t most = 6);
/// "Respiratory-electron-transport" → "Respiratory electron transport"; names with spaces or few hyphens
/// stay.
std::string set_in_words(const std::string& name);
/// Plural of the replicates of a column: "mouse" → "mice", "donor_id" → "donors", "sample" → "samples".
std::string replicates_in_words(const std::string& column);

} // namespace ember

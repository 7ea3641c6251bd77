#pragma once
// Counts and shares in sentences.

#include <cstdint>
#include <string>

namespace ember {

/// "57,298"
std::string count_text(std::uint64_t count);

/// "1 gene", "2,000 genes"
std::string counted(std::uint64_t count, const char* one, const char* many);

/// "93 %"; "less than 1 %" and "more than 99 %" where rounding would say none or all. `whole` 0 gives "0 %".
std::string share_text(double part, double whole);

} // namespace ember

#pragma once
// A symmetric matrix of doubles times a few columns.

#include <cstdint>

namespace ember {

/// out = A · in; A [size × size], in and out [size × columns] column by column. All threads of the budget.
void multiply_columns(const double* a, std::int64_t size, const double* in, std::int64_t columns,
                      double* out);

} // namespace ember

#pragma once
// One thread budget for TBB, OpenMP and LibTorch together.

namespace ember {

/// Number of threads that computations may use in all; set once at start, default: the processor's cores.
int thread_budget() noexcept;

/// Sets the budget; `threads` < 1 means all cores. TBB follows at once, LibTorch with the next request.
void set_thread_budget(int threads);

/// Lowers the calling thread's priority below the window's (job threads call it once).
void lower_thread_priority() noexcept;

} // namespace ember

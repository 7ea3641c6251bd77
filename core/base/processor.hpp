#pragma once
// The instruction set that every part is compiled for.

namespace ember {

/// Empty when this processor has the baseline instruction set (x86-64-v3), otherwise one sentence for the
/// user.
const char* unsupported_processor_message() noexcept;

} // namespace ember

#pragma once
// Ctrl+C and termination signals as a stop token.

#include <stop_token>

namespace ember::cli {

/// Turns the first SIGINT, SIGTERM or SIGHUP into a request to stop; the second ends the program at once with
/// status 130. Signals that the parent had ignored stay ignored. Call once, before any thread is started:
/// threads inherit the blocked signals.
std::stop_token watch_interrupts();

} // namespace ember::cli

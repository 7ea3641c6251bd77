#pragma once
// What a command says: results on standard output, errors on standard error, and the exit status.

#include <functional>
#include <string>

#include <nlohmann/json.hpp>

#include "core/base/error.hpp"

namespace ember::cli {

/// Writes to standard output and makes sure that it arrived. Throws ResourceError or Error `CannotWrite`.
void print(const std::string& text);
void print_json(const nlohmann::json& json);

/// Tells an error, on standard output as JSON where asked, in words on standard error otherwise or when that
/// fails; returns its exit status.
int report(const Error& error, bool json);

/// Runs `work`, whose value is the exit status; reports what it throws.
int run_and_report(const std::function<int()>& work, bool json);

} // namespace ember::cli

#pragma once
// How the help texts are laid out.

#include <memory>
#include <string>

#include <CLI/CLI.hpp>

namespace ember::cli {

/// Lines of at most `columns` characters, broken at spaces.
std::string wrapped(const std::string& text, std::size_t columns);

/// Wrapped descriptions, plain names of values, "required" where it is.
std::shared_ptr<CLI::FormatterBase> help_format();

} // namespace ember::cli

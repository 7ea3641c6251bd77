#pragma once
// The commands of the family `train`.

#include "app/cli/command_line.hpp"

namespace ember::cli {

void add_train_resume(CLI::App& family, Invocation& invocation);
void add_train_status(CLI::App& family, Invocation& invocation);
void add_train_prune(CLI::App& family, Invocation& invocation);
void add_train_split(CLI::App& family, Invocation& invocation);

} // namespace ember::cli

#pragma once
// The few classes and functions that a model's pickle may name, and what a call of each describes.

#include <string>
#include <string_view>

#include "core/run/pickle_document.hpp"

namespace ember {

/// The node of a permitted global. Error `RefusedGlobal` names any other.
PickleNode permitted_global(std::string_view module, std::string_view name, PickleSource source,
                            const std::string& file);

/// The result of calling `function` (a global) with the tuple `arguments`: a description, nothing runs.
/// Errors: Corrupt when the arguments are not those of PyTorch or numpy, UnsupportedType.
PickleId describe_call(PickleDocument& document, PickleId function, PickleId arguments,
                       const std::string& file);

/// BUILD: gives an object its state. Only a numpy dtype changes; the state of other objects is dropped.
void describe_state(PickleDocument& document, PickleId object, PickleId state, const std::string& file);

/// The storage behind a persistent id ('storage', class, key, location, elements).
PickleId describe_storage(PickleDocument& document, PickleId persistent_id, const std::string& file);

} // namespace ember

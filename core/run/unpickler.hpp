#pragma once
// A reader of Python pickles (protocols 2 to 5) that builds descriptions and never runs anything.

#include <cstddef>
#include <span>
#include <string>

#include "core/run/pickle_document.hpp"

namespace ember {

/// Errors: Truncated, Corrupt, RefusedGlobal (names the global), UnsupportedType, ResourceError `NoMemory`
/// for a pickle of more than two million values or 64 MiB. `consumed`, if given, receives the bytes read.
PickleDocument unpickle(std::span<const std::byte> bytes, const std::string& file,
                        PickleSource source = PickleSource::torch_archive, std::size_t* consumed = nullptr);

} // namespace ember

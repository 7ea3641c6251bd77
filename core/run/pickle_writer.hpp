#pragma once
// Python's pickle format, as PyTorch (protocol 2) and plain Python (4) write it.

#include <string>

#include "core/run/pickle_value.hpp"

namespace ember {

enum class PickleProtocol { two = 2, four = 4 };

/// The bytes. Only globals that torch.load(weights_only=True) and core/run/unpickler.hpp permit are named. A
/// tensor refers to its storage by number ("data/<number>" in the archive); protocol two only. Errors:
/// NotUtf8 (a text), UnsupportedType (a tensor that PyTorch has no storage class for).
std::string write_pickle(const PickleValue& root, PickleProtocol protocol);

} // namespace ember

#pragma once
// Storages inside a plain pickle: what pickle.dump of a tensor writes through torch.storage._load_from_bytes,
// PyTorch's file format from before its zip archives.

#include <string>

#include "core/run/pickle_document.hpp"

namespace ember {

/// The node of a storage that carries its data. Errors: Corrupt, Truncated, RefusedGlobal, UnsupportedType.
PickleNode inline_storage(const std::string& bytes, const std::string& file);

} // namespace ember

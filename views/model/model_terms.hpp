#pragma once
// The configuration's names for a model's parts, in words.

#include <string>

#include <QString>

namespace ember {

/// "kv_heads" → "Key and value heads"; empty for a name without a word of its own.
QString modelTerm(const std::string& key);

} // namespace ember

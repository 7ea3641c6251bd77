#pragma once
// Selections as JSON: the bits compressed, with the cells they belong to.

#include <QJsonArray>

#include "views/selections.hpp"

namespace ember {

/// "cells" (fingerprint), "file", "size", "count", "bits" (base64 of zlib of 64-bit words, little-endian),
/// and "name" for a named one.
QJsonArray selectionsToJson(const QList<SavedSelection>& selections);
/// Throws Error `BadSession` when the bits are not those of `size` cells.
QList<SavedSelection> selectionsFromJson(const QJsonArray& json);

} // namespace ember

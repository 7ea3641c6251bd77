#pragma once
// Datasets of text.

#include <string>
#include <vector>

#include "core/data/hdf5_dataset.hpp"

namespace ember::h5 {

/// All texts of a dataset, in order. Throws UnsupportedType when it holds no text, BadText when a text is not
/// UTF-8, ShapeMismatch when far more are declared than are stored.
std::vector<std::string> read_texts(const Dataset& dataset);

/// Throws BadText when `text` is not valid UTF-8.
void require_utf8(std::string_view text, const File& file, const std::string& key);

/// Whether `text` is valid UTF-8 (no surrogates, no overlong forms).
bool valid_utf8(std::string_view text) noexcept;

} // namespace ember::h5

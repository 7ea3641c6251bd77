#pragma once
// Attributes of HDF5 objects.

#include <optional>
#include <string>
#include <vector>

#include "core/data/hdf5_object.hpp"

namespace ember::h5 {

bool has_attribute(const Object& object, const char* name);

/// A text attribute; empty when absent or not text (see has_attribute).
std::optional<std::string> text_attribute(const File& file, const Object& object, const char* name);

/// A list of texts (also from a single text); empty when absent or not text.
std::optional<std::vector<std::string>> texts_attribute(const File& file, const Object& object,
                                                        const char* name);

/// Whole numbers or booleans; empty when absent or of another type.
std::optional<std::vector<std::int64_t>> integers_attribute(const File& file, const Object& object,
                                                            const char* name);

/// `encoding-type`; "" when absent. Throws UnknownEncoding when it is not text.
std::string encoding_type(const File& file, const Object& object);

} // namespace ember::h5

#pragma once
// Types as they are stored in messages and attributes:
// https://docs.hdfgroup.org/hdf5/develop/_f_m_t3.html#DatatypeMessage

#include "core/data/hdf5_file.hpp"

#include <cstddef>
#include <span>
#include <string>

namespace ember::h5 {

/// Throws Corrupt naming `key` when libhdf5 would read past the end of the type, copy by sizes that
/// contradict each other or nest without end: names, members and values of a type must end within it.
void check_datatype(const File& file, const std::string& key, std::span<const std::byte> type);

} // namespace ember::h5

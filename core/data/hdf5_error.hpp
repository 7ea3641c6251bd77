#pragma once
// Errors of data files: every one names the file, the HDF5 path and what to do.

#include <string>

#include "core/base/error.hpp"

namespace ember::h5 {

/// An error of the given class, with the remedy that fits the class unless another is given.
Error data_error(const std::string& class_name, std::string message, std::string file, std::string key,
                 std::string remedy = {});

} // namespace ember::h5

#pragma once
// Numbers as Python prints them.

#include <string>

namespace ember {

/// repr(float): the shortest text that reads back the same: "0.001", "1e-05", "277401600.0", "nan".
std::string python_float(double value);

/// As PyYAML writes it: "0.001", "1.0e-05", ".inf".
std::string yaml_float(double value);

} // namespace ember

#pragma once
// NumPy's .npy format, version 1: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

namespace ember {

struct NpyArray {
    std::vector<std::uint64_t> shape;
    std::vector<double> values; ///< row-major
    std::string dtype;          ///< "<f4", "<i8" …
};

/// Reads a little-endian numeric array (f4 f8 i4 i8 u1 b1, C or Fortran order). Throws Corrupt or
/// UnsupportedType.
NpyArray read_npy(const std::filesystem::path& file);

/// Writes a float32 matrix [rows × cols], row blocks in any order; the file appears whole at finish().
class NpyWriter {
public:
    NpyWriter(const std::filesystem::path& target, std::uint64_t rows, std::uint64_t cols);
    ~NpyWriter();
    void write_rows(std::span<const std::uint64_t> rows, std::span<const float> values);
    void finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

} // namespace ember

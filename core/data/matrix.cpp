#include "core/data/matrix.hpp"

namespace ember {

Matrix::~Matrix() = default;

const char* to_string(MatrixEncoding encoding) noexcept {
    return encoding == MatrixEncoding::dense ? "dense" : encoding == MatrixEncoding::csr ? "csr" : "csc";
}

std::string to_string(const MatrixSource& source) {
    switch (source.kind) {
    case MatrixSource::Kind::layer:
        return "layers/" + source.key;
    case MatrixSource::Kind::obsm:
        return "obsm/" + source.key;
    case MatrixSource::Kind::raw_x:
        return "raw/X";
    default:
        return "X";
    }
}

} // namespace ember

#include <algorithm>
#include <type_traits>

#include "core/data/convert.hpp"
#include "core/data/sparse_matrix.hpp"

namespace ember::h5 {

namespace {

/// Entries are converted in pieces of this size, which stay in the processor's cache.
constexpr std::uint64_t piece = 1 << 16;

void require_plausible(const Dataset& dataset) {
    if (!dataset.plausible()) {
        throw dataset.error("BadSparse", "'" + dataset.key() + "' declares more values than are stored");
    }
}

template<typename T>
bool stored_as(const ElementType& type) {
    const bool right_kind = std::is_floating_point_v<T> ? type.kind == ElementKind::floating
                            : std::is_signed_v<T>       ? type.kind == ElementKind::signed_integer
                                                        : type.kind == ElementKind::unsigned_integer;
    return right_kind && type.size == sizeof(T) && !type.big_endian;
}

template<typename T>
void read_converted(const Dataset& dataset, const ElementType& type, std::uint64_t first, std::span<T> out) {
    if (stored_as<T>(type)) {
        dataset.read_rows(first, out.size(), std::as_writable_bytes(out));
        return;
    }
    std::vector<std::byte> raw(out.size() * type.size);
    dataset.read_rows(first, out.size(), raw);
    for (std::uint64_t at = 0; at < out.size(); at += piece) {
        convert(type, std::span<const std::byte>(raw).subspan(at * type.size),
                out.subspan(at, std::min(piece, out.size() - at)));
    }
}

} // namespace

const std::vector<std::uint64_t>& SparseArrays::starts() const {
    std::call_once(once_, [&] {
        require_plausible(*indptr_);
        require_plausible(*indices_);
        require_plausible(*values_);
        std::vector<std::int64_t> numbers(indptr_->rows());
        read_converted(*indptr_, indptr_->type(), 0, std::span(numbers));
        const bool sorted = std::is_sorted(numbers.begin(), numbers.end());
        if (numbers.front() != 0 || !sorted) {
            throw indptr_->error("BadSparse", sorted ? "'indptr' does not start at 0" : "'indptr' goes down");
        }
        if (static_cast<std::uint64_t>(numbers.back()) != values_->rows()) {
            throw indptr_->error("BadSparse", "'indptr' ends at " + std::to_string(numbers.back()) + " but " +
                                                  std::to_string(values_->rows()) + " values are stored");
        }
        starts_.assign(numbers.begin(), numbers.end());
    });
    return starts_;
}

void SparseArrays::read_indices(std::uint64_t first, std::uint64_t count,
                                std::vector<std::uint32_t>& indices) const {
    // Negative numbers are let through as huge ones, which the check below refuses.
    ElementType type = indices_->type();
    indices.resize(count);
    if (type.kind == ElementKind::signed_integer && type.size <= 4) {
        read_converted(*indices_, type, first,
                       std::span(reinterpret_cast<std::int32_t*>(indices.data()), indices.size()));
    } else {
        type.kind = ElementKind::unsigned_integer;
        read_converted(*indices_, type, first, std::span(indices));
    }
    const auto largest = std::max_element(indices.begin(), indices.end());
    if (largest != indices.end() && *largest >= minor_) {
        throw indices_->error(
            "BadSparse", "Entry " +
                             std::to_string(first + static_cast<std::uint64_t>(largest - indices.begin())) +
                             " of '" + indices_->key() + "' lies outside the matrix, which has " +
                             std::to_string(minor_) + " places");
    }
}

template<typename T>
void SparseArrays::read(std::uint64_t first, std::uint64_t count, std::vector<std::uint32_t>& indices,
                        std::vector<T>& values) const {
    read_indices(first, count, indices);
    values.resize(count);
    read_converted(*values_, values_->type(), first, std::span(values));
}

template void SparseArrays::read(std::uint64_t, std::uint64_t, std::vector<std::uint32_t>&,
                                 std::vector<float>&) const;
template void SparseArrays::read(std::uint64_t, std::uint64_t, std::vector<std::uint32_t>&,
                                 std::vector<double>&) const;

std::uint64_t slice_run_end(const std::vector<std::uint64_t>& starts, std::uint64_t first,
                            std::uint64_t most) {
    std::uint64_t end = first + 1;
    while (end + 1 < starts.size() && starts[end + 1] - starts[first] <= most) {
        ++end;
    }
    return end;
}

} // namespace ember::h5

#include "core/data/matrix_copy.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <numeric>

#include "core/data/sparse_matrix.hpp"

namespace ember::h5 {

namespace {

constexpr std::uint64_t window_bytes = 16 << 20;
constexpr std::uint64_t window_entries = 2 << 20;
constexpr std::uint64_t compressed_chunk_bytes = 1 << 20;
constexpr unsigned gzip_level = 4;

/// Copies the values of some rows of a source, in any order; see window_rows().
using RowReader = std::function<void(std::uint64_t first, std::uint64_t count, std::span<std::byte> out)>;

struct DenseSource {
    RowReader read;
    std::uint64_t row_bytes = 0, chunk_rows = 0;
};

/// Rows `wanted` into `out`, reading neighbours together.
void gather(const DenseSource& source, std::span<const std::uint64_t> wanted, std::span<std::byte> out) {
    std::vector<std::size_t> order(wanted.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return wanted[a] < wanted[b]; });
    const std::uint64_t gap = std::max<std::uint64_t>(source.chunk_rows, 4);
    const std::uint64_t most =
        std::max<std::uint64_t>(1, window_bytes / std::max<std::uint64_t>(1, source.row_bytes));
    std::vector<std::byte> rows;
    for (std::size_t begin = 0; begin < order.size();) {
        const std::uint64_t first = wanted[order[begin]];
        std::size_t end = begin + 1;
        while (end < order.size() && wanted[order[end]] - wanted[order[end - 1]] <= gap &&
               wanted[order[end]] - first < most) {
            ++end;
        }
        const std::uint64_t count = wanted[order[end - 1]] - first + 1;
        rows.resize(count * source.row_bytes);
        source.read(first, count, rows);
        for (; begin < end; ++begin) {
            std::memcpy(out.data() + order[begin] * source.row_bytes,
                        rows.data() + (wanted[order[begin]] - first) * source.row_bytes, source.row_bytes);
        }
    }
}

/// Compressed as gzip where the source was compressed.
Handle creation_list(bool compressed, std::uint64_t rows, std::uint64_t cols, std::uint64_t row_bytes) {
    Handle list(H5Pcreate(H5P_DATASET_CREATE));
    if (compressed && rows > 0 && cols > 0) {
        const std::uint64_t fitting = std::max<std::uint64_t>(1, compressed_chunk_bytes / row_bytes);
        const hsize_t chunk[2] = {std::min(rows, fitting), cols};
        H5Pset_chunk(list.get(), 2, chunk);
        H5Pset_deflate(list.get(), gzip_level);
    }
    return list;
}

void copy_dense_rows(const MatrixSpec& spec, const RowSelection& rows, Output& output, JobContext& job,
                     hid_t parent, const std::string& name) {
    const Dataset& dataset = spec.dense ? *spec.dense : *spec.table;
    const TableField field = spec.dense ? TableField{} : find_field(dataset, spec.field);
    const auto& type = spec.dense ? dataset.type() : field.type;
    DenseSource source;
    source.row_bytes = spec.info.cols * type.size;
    source.chunk_rows = spec.dense ? dataset.chunk_rows() : 0;
    source.read = [&](std::uint64_t first, std::uint64_t count, std::span<std::byte> out) {
        spec.dense ? dataset.read_rows(first, count, out) : read_field(dataset, field, first, count, out);
    };
    Handle value_type, target;
    {
        const Lock lock;
        value_type = spec.dense ? Handle(H5Tcopy(dataset.type_id())) : type_of(type.numpy_name);
        if (!value_type) {
            throw dataset.error("UnsupportedType", "'" + spec.info.name + "' cannot be copied row by row");
        }
        const hsize_t dims[2] = {rows.size(), spec.info.cols};
        const Handle space(H5Screate_simple(2, dims, nullptr));
        const Handle list = creation_list(!spec.info.compression.empty(), rows.size(), spec.info.cols,
                                          std::max<std::uint64_t>(1, source.row_bytes));
        target = output.create(parent, name, value_type.get(), space.get(), list.get());
        output.set_encoding(target.get(), "array", "0.2.0");
    }
    const std::uint64_t step =
        std::max<std::uint64_t>(1, window_bytes / std::max<std::uint64_t>(1, source.row_bytes));
    std::vector<std::byte> window;
    for (std::uint64_t at = 0; at < rows.size(); at += step) {
        job.check_cancelled();
        const std::uint64_t count = std::min<std::uint64_t>(step, rows.size() - at);
        window.resize(count * source.row_bytes);
        gather(source, std::span(rows).subspan(at, count), window);
        output.write_rows(target.get(), value_type.get(), at, count, window.data());
    }
}

/// An array that grows while it is written.
class GrowingArray {
public:
    GrowingArray(Output& output, hid_t parent, const std::string& name, hid_t type, bool compressed)
        : output_(output) {
        const Lock lock;
        type_ = Handle(H5Tcopy(type));
        const hsize_t none = 0, unlimited = H5S_UNLIMITED, chunk = 1 << 16;
        const Handle space(H5Screate_simple(1, &none, &unlimited)), list(H5Pcreate(H5P_DATASET_CREATE));
        H5Pset_chunk(list.get(), 1, &chunk);
        if (compressed) {
            H5Pset_deflate(list.get(), gzip_level);
        }
        dataset_ = output.create(parent, name, type, space.get(), list.get());
        output.set_encoding(dataset_.get(), "array", "0.2.0");
    }

    void append(const void* values, std::uint64_t count) {
        const Lock lock;
        const hsize_t size = size_ + count;
        if (H5Dset_extent(dataset_.get(), &size) < 0) {
            output_.fail({});
        }
        output_.write_rows(dataset_.get(), type_.get(), size_, count, values);
        size_ = size;
    }

private:
    Output& output_;
    Handle type_, dataset_;
    std::uint64_t size_ = 0;
};

/// Writes the arrays of a sparse matrix with some rows of another.
class SparseRowCopier {
public:
    SparseRowCopier(const MatrixSpec& spec, const RowSelection& rows, Output& output, JobContext& job,
                    hid_t group)
        : spec_(spec),
          rows_(rows),
          job_(job),
          arrays_(spec),
          width_(spec.values->type().size),
          values_(output, group, "data", spec.values->type_id(), !spec.info.compression.empty()),
          indices_(output, group, "indices", H5T_NATIVE_INT32, !spec.info.compression.empty()) {}

    /// Returns indptr.
    std::vector<std::int64_t> run() {
        spec_.info.encoding == MatrixEncoding::csr ? copy_rows() : copy_columns();
        return indptr_;
    }

private:
    void read(std::uint64_t first, std::uint64_t count) {
        job_.check_cancelled();
        arrays_.read_indices(first, count, source_indices_);
        source_values_.resize(count * width_);
        spec_.values->read_rows(first, count, source_values_);
    }

    void take(std::uint64_t at, std::uint32_t index) {
        out_indices_.push_back(index);
        const auto* value = source_values_.data() + at * width_;
        out_values_.insert(out_values_.end(), value, value + width_);
        if (out_indices_.size() >= window_entries) {
            flush();
        }
    }

    void flush() {
        written_ += out_indices_.size();
        values_.append(out_values_.data(), out_indices_.size());
        indices_.append(out_indices_.data(), out_indices_.size());
        out_indices_.clear();
        out_values_.clear();
    }

    void close_slice() { indptr_.push_back(static_cast<std::int64_t>(written_ + out_indices_.size())); }

    void copy_rows() {
        const auto& starts = arrays_.starts();
        constexpr std::uint64_t gap = 1 << 16;
        for (std::size_t begin = 0; begin < rows_.size();) {
            std::size_t end = begin + 1;
            const std::uint64_t first = starts[rows_[begin]];
            while (end < rows_.size() && rows_[end] >= rows_[end - 1] &&
                   starts[rows_[end]] <= starts[rows_[end - 1] + 1] + gap &&
                   starts[rows_[end] + 1] - first <= window_entries) {
                ++end;
            }
            read(first, starts[rows_[end - 1] + 1] - first);
            for (; begin < end; ++begin) {
                for (std::uint64_t at = starts[rows_[begin]] - first; at < starts[rows_[begin] + 1] - first;
                     ++at) {
                    take(at, source_indices_[at]);
                }
                close_slice();
            }
        }
        flush();
    }

    void copy_columns() {
        // The places of each source row in the output, ascending, as starts and a list.
        std::vector<std::uint64_t> first(spec_.info.rows + 1, 0);
        for (const auto row : rows_) {
            ++first[row + 1];
        }
        std::partial_sum(first.begin(), first.end(), first.begin());
        std::vector<std::uint32_t> places(rows_.size());
        auto next = first;
        for (std::size_t i = 0; i < rows_.size(); ++i) {
            places[next[rows_[i]]++] = static_cast<std::uint32_t>(i);
        }
        const auto& starts = arrays_.starts();
        std::vector<std::pair<std::uint32_t, std::uint64_t>> column;
        for (std::uint64_t col = 0; col < spec_.info.cols;) {
            const std::uint64_t stop = slice_run_end(starts, col, window_entries), origin = starts[col];
            read(origin, starts[stop] - origin);
            for (; col < stop; ++col) {
                column.clear();
                for (std::uint64_t at = starts[col] - origin; at < starts[col + 1] - origin; ++at) {
                    for (auto k = first[source_indices_[at]]; k < first[source_indices_[at] + 1]; ++k) {
                        column.emplace_back(places[k], at);
                    }
                }
                std::sort(column.begin(), column.end());
                for (const auto& [row, at] : column) {
                    take(at, row);
                }
                close_slice();
            }
        }
        flush();
    }

    const MatrixSpec& spec_;
    const RowSelection& rows_;
    JobContext& job_;
    SparseArrays arrays_;
    std::uint64_t width_, written_ = 0;
    GrowingArray values_, indices_;
    std::vector<std::uint32_t> source_indices_, out_indices_;
    std::vector<std::byte> source_values_, out_values_;
    std::vector<std::int64_t> indptr_ = {0};
};

void copy_sparse(const MatrixSpec& spec, const RowSelection& keep, TreeCopier& copier, Output& output,
                 JobContext& job, hid_t parent, const std::string& name) {
    const bool csr = spec.info.encoding == MatrixEncoding::csr;
    const Handle group = output.group(parent, name, csr ? "csr_matrix" : "csc_matrix", "0.1.0");
    const auto rows = keep.empty() ? spec.info.rows : keep.size();
    output.set_integers(group.get(), "shape",
                        {static_cast<std::int64_t>(rows), static_cast<std::int64_t>(spec.info.cols)});
    if (keep.empty()) {
        for (const auto& [part, dataset] :
             {std::pair("data", spec.values), std::pair("indices", spec.indices),
              std::pair("indptr", spec.indptr)}) {
            copier.copy_dataset(*dataset, group.get(), part);
        }
        return;
    }
    const auto indptr = SparseRowCopier(spec, keep, output, job, group.get()).run();
    output.write_array(group.get(), "indptr", type_of("int64").get(), {indptr.size()}, indptr.data());
}

} // namespace

void copy_matrix(const MatrixSpec& spec, const RowSelection& keep, TreeCopier& copier, Output& output,
                 JobContext& job, hid_t parent, const std::string& name) {
    if (spec.values) {
        copy_sparse(spec, keep, copier, output, job, parent, name);
    } else if (keep.empty() && spec.dense) {
        copier.copy_dataset(*spec.dense, parent, name);
        const Lock lock;
        const Handle copy(H5Dopen2(parent, name.c_str(), H5P_DEFAULT));
        output.set_encoding(copy.get(), "array", "0.2.0");
    } else {
        RowSelection all(keep.empty() ? spec.info.rows : 0);
        std::iota(all.begin(), all.end(), std::uint64_t(0));
        copy_dense_rows(spec, keep.empty() ? all : keep, output, job, parent, name);
    }
}

} // namespace ember::h5

#include <algorithm>
#include <cstring>

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include "core/data/hdf5_dataset.hpp"

namespace ember::h5 {

namespace {

constexpr std::uint64_t piece_bytes = 4 << 20;           ///< of a contiguous read, per task
constexpr std::uint64_t largest_shared_chunk = 32 << 20; ///< larger ones are decoded one at a time
constexpr std::uint64_t best_ratio = 4096;               ///< no filter of ours can exceed it

/// Calls work(0 … count - 1), in parallel where that is allowed.
template<typename Work>
void for_each_index(std::size_t count, bool parallel, const Work& work) {
    if (!parallel || count < 2 || Lock::held_here()) {
        for (std::size_t i = 0; i < count; ++i) {
            work(i);
        }
        return;
    }
    // Isolated, so that a waiting thread does not pick up foreign work that waits for what its caller holds.
    tbb::this_task_arena::isolate(
        [&] { tbb::parallel_for(std::size_t(0), count, work, tbb::simple_partitioner()); });
}

} // namespace

/// One chunk, and where the wanted part of it goes.
struct Dataset::ChunkJob {
    std::uint64_t first_row, first_col; ///< of the chunk
    std::uint64_t from, to;             ///< wanted rows of the dataset
    std::byte* out;                     ///< start of row `from` of the caller's buffer
};

void Dataset::read_rows(std::uint64_t first, std::uint64_t count, std::span<std::byte> out) const {
    if (first > rows() || count > rows() - first || out.size() < count * row_bytes()) {
        throw error("ShapeMismatch", "More rows are asked of '" + key() + "' than it has");
    }
    if (count == 0 || row_elements_ == 0) {
        return;
    }
    const auto wanted = out.first(count * row_bytes());
    if (!null_ && layout_ == H5D_CONTIGUOUS && offset_ != HADDR_UNDEF && file_->direct()) {
        read_contiguous(first, count, wanted);
    } else if (layout_ == H5D_CHUNKED && shape_.size() <= 2 && all_ours(filters_) &&
               !(filters_.empty() && raw_)) {
        read_chunked(first, count, wanted);
    } else {
        for (const auto& filter : filters_) {
            if (!filter.known) {
                throw error("UnsupportedFilter", "'" + key() + "' is compressed with " + filter.name +
                                                     ", for which no HDF5 filter plug-in is installed");
            }
        }
        read_by_library(first, count, 0, row_elements_, wanted);
    }
}

bool Dataset::read_text_references(std::uint64_t first, std::uint64_t count, std::span<std::byte> out) const {
    const bool contiguous = layout_ == H5D_CONTIGUOUS && offset_ != HADDR_UNDEF;
    const bool chunks = layout_ == H5D_CHUNKED && shape_.size() == 1 && all_ours(filters_);
    if (!file_->direct() || type_.kind != ElementKind::variable_text || (!contiguous && !chunks)) {
        return false;
    }
    read_rows(first, count, out);
    return true;
}

void Dataset::read_contiguous(std::uint64_t first, std::uint64_t count, std::span<std::byte> out) const {
    const std::uint64_t start = offset_ + first * row_bytes();
    if (storage_bytes_ < (first + count) * row_bytes()) {
        throw error("Corrupt", "'" + key() + "' has fewer values than its shape declares");
    }
    const std::size_t pieces = (out.size() + piece_bytes - 1) / piece_bytes;
    for_each_index(pieces, true, [&](std::size_t piece) {
        const std::size_t begin = piece * piece_bytes;
        file_->read_at(start + begin, out.subspan(begin, std::min(piece_bytes, out.size() - begin)), key());
    });
}

void Dataset::read_chunked(std::uint64_t first, std::uint64_t count, std::span<std::byte> out) const {
    std::vector<ChunkJob> jobs;
    const std::uint64_t chunk_cols = chunk_.size() > 1 ? chunk_[1] : 1;
    for (std::uint64_t row = first / chunk_[0] * chunk_[0]; row < first + count; row += chunk_[0]) {
        for (std::uint64_t col = 0; col < row_elements_; col += chunk_cols) {
            const std::uint64_t from = std::max(row, first), to = std::min(row + chunk_[0], first + count);
            jobs.push_back({row, col, from, to, out.data() + (from - first) * row_bytes()});
        }
    }
    for_each_index(jobs.size(), chunk_bytes_ <= largest_shared_chunk,
                   [&](std::size_t index) { read_chunk(jobs[index]); });
}

/// Whether an unfiltered chunk has the size it must have. H5Dread_chunk writes as many bytes as the file's
/// index says, which a damaged file may exaggerate; with filters, H5Dget_chunk_storage_size tells that
/// number.
bool Dataset::whole_chunk_stored(const ChunkJob& job) const {
    const hsize_t position[2] = {job.first_row, job.first_col};
    unsigned mask = 0;
    haddr_t address = HADDR_UNDEF;
    hsize_t size = 0;
    return H5Dget_chunk_info_by_coord(id(), position, &mask, &address, &size) >= 0 &&
           address != HADDR_UNDEF && size == chunk_bytes_;
}

/// Fetches the stored bytes of a chunk. False when it was never written.
bool Dataset::fetch_chunk(const ChunkJob& job, std::vector<std::byte>& data, std::uint32_t& mask) const {
    const Lock lock;
    const hsize_t position[2] = {job.first_row, job.first_col};
    hsize_t size = 0;
    if (H5Dget_chunk_storage_size(id(), position, &size) < 0 || size == 0) {
        return false;
    }
    if (size > file_->size() || (filters_.empty() && size != chunk_bytes_) ||
        size < chunk_bytes_ / best_ratio) {
        throw error("Corrupt", "A chunk of '" + key() + "' states an impossible size");
    }
    if (filters_.empty() && !whole_chunk_stored(job)) {
        return false;
    }
    data.resize(size);
    if (H5Dread_chunk(id(), H5P_DEFAULT, position, &mask, data.data()) >= 0) {
        return true;
    }
    if (!filters_.empty()) {
        throw error("Corrupt", "A chunk of '" + key() + "' cannot be read");
    }
    return false;
}

void Dataset::read_chunk(const ChunkJob& job) const {
    const std::uint64_t chunk_cols = chunk_.size() > 1 ? chunk_[1] : 1;
    const std::uint64_t cols = std::min(chunk_cols, row_elements_ - job.first_col);
    const std::uint64_t wanted_bytes = cols * element_bytes_, stride = chunk_cols * element_bytes_;
    std::vector<std::byte> data;
    std::uint32_t mask = 0;
    if (!fetch_chunk(job, data, mask)) {
        data.resize((job.to - job.from) * wanted_bytes);
        read_by_library(job.from, job.to - job.from, job.first_col, cols, data); // fill values, or an error
        for (std::uint64_t row = 0; row < job.to - job.from; ++row) {
            std::memcpy(job.out + row * row_bytes() + job.first_col * element_bytes_,
                        data.data() + row * wanted_bytes, wanted_bytes);
        }
        return;
    }
    std::vector<std::byte> decoded;
    if (filters_.empty()) {
        decoded.swap(data);
    } else {
        decoded.resize(chunk_bytes_);
        const auto problem = decode_chunk(filters_, mask, type_.size, data, decoded);
        if (!problem.empty()) {
            throw error("Corrupt", problem);
        }
    }
    for (std::uint64_t row = job.from; row < job.to; ++row) {
        std::memcpy(job.out + (row - job.from) * row_bytes() + job.first_col * element_bytes_,
                    decoded.data() + (row - job.first_row) * stride, wanted_bytes);
    }
}

/// libhdf5 allocates what a chunk's entry in the index says, which a damaged file may exaggerate.
void Dataset::require_possible_chunks(std::span<const hsize_t> start, std::span<const hsize_t> count) const {
    std::vector<hsize_t> position(start.begin(), start.end());
    for (std::size_t axis = 0; axis < position.size(); ++axis) {
        position[axis] -= position[axis] % chunk_[axis];
    }
    const std::vector<hsize_t> first = position;
    for (std::size_t axis = 0; axis < position.size();) {
        hsize_t size = 0;
        haddr_t address = HADDR_UNDEF;
        unsigned mask = 0;
        if (H5Dget_chunk_info_by_coord(id(), position.data(), &mask, &address, &size) >= 0 &&
            size > file_->size()) {
            throw error("Corrupt", "A chunk of '" + key() + "' states an impossible size");
        }
        for (axis = 0; axis < position.size(); ++axis) {
            position[axis] += chunk_[axis];
            if (position[axis] < start[axis] + count[axis]) {
                break;
            }
            position[axis] = first[axis];
        }
    }
}

void Dataset::read_by_library(std::uint64_t first_row, std::uint64_t rows, std::uint64_t first_col,
                              std::uint64_t cols, std::span<std::byte> out) const {
    const Lock lock;
    if (!raw_) {
        // Variable text that was never written has no references to follow.
        std::fill(out.begin(), out.end(), std::byte(0));
        return;
    }
    const Handle space(H5Scopy(space_.get()));
    if (!shape_.empty()) {
        std::vector<hsize_t> start(shape_.size(), 0), count(shape_.begin(), shape_.end());
        start[0] = first_row;
        count[0] = rows;
        if (shape_.size() == 2) {
            start[1] = first_col;
            count[1] = cols;
        }
        if (layout_ == H5D_CHUNKED) {
            require_possible_chunks(start, count);
        }
        H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr);
    }
    const hsize_t total = static_cast<hsize_t>(H5Sget_select_npoints(space.get()));
    const Handle memory(H5Screate_simple(1, &total, nullptr));
    if (total * element_bytes_ > out.size() ||
        H5Dread(id(), type_handle_.get(), memory.get(), space.get(), H5P_DEFAULT, out.data()) < 0) {
        throw error("Corrupt", "The values of '" + key() + "' cannot be read");
    }
}

} // namespace ember::h5

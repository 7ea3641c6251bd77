#include "core/data/stacked_matrix.hpp"

#include <algorithm>

#include "core/base/error.hpp"

namespace ember {

namespace {

class StackedMatrix : public Matrix {
public:
    StackedMatrix(MatrixInfo info, std::vector<MatrixPtr> parts)
        : Matrix(std::move(info)), parts_(std::move(parts)) {}

    void for_each_block(const std::function<void(const RowBlock<float>&)>& visit,
                        JobContext& job) const override {
        stream(visit, job);
    }
    void for_each_block(const std::function<void(const RowBlock<double>&)>& visit,
                        JobContext& job) const override {
        stream(visit, job);
    }

    void read_rows(std::uint64_t first, std::uint64_t count, std::span<float> out) const override {
        std::uint64_t start = 0;
        for (const MatrixPtr& part : parts_) {
            const std::uint64_t end = start + part->rows();
            const std::uint64_t from = std::max(first, start), to = std::min(first + count, end);
            if (from < to) {
                part->read_rows(from - start, to - from,
                                out.subspan((from - first) * cols(), (to - from) * cols()));
            }
            start = end;
        }
    }

    void gather_rows(std::span<const std::uint64_t> rows, std::span<float> out,
                     JobContext& job) const override {
        std::uint64_t start = 0;
        std::size_t at = 0;
        for (const MatrixPtr& part : parts_) {
            std::vector<std::uint64_t> inside;
            const std::size_t first = at;
            for (; at < rows.size() && rows[at] < start + part->rows(); ++at) {
                inside.push_back(rows[at] - start);
            }
            if (!inside.empty()) {
                part->gather_rows(inside, out.subspan(first * cols(), inside.size() * cols()), job);
            }
            start += part->rows();
        }
    }

private:
    template<typename T>
    void stream(const std::function<void(const RowBlock<T>&)>& visit, JobContext& job) const {
        std::uint64_t start = 0;
        for (const MatrixPtr& part : parts_) {
            const std::function<void(const RowBlock<T>&)> shifted = [&](const RowBlock<T>& block) {
                RowBlock<T> moved = block;
                moved.first_row += start;
                visit(moved);
            };
            part->for_each_block(shifted, job);
            start += part->rows();
        }
    }

    std::vector<MatrixPtr> parts_;
};

} // namespace

MatrixPtr stack_matrices(std::vector<MatrixPtr> matrices) {
    if (matrices.empty()) {
        throw UsageError("Nothing to stack");
    }
    MatrixInfo info = matrices.front()->info();
    info.rows = info.stored = info.storage_bytes = 0;
    for (const MatrixPtr& part : matrices) {
        if (part->cols() != info.cols) {
            throw Error("ShapeMismatch", "'" + part->info().name + "' has " + std::to_string(part->cols()) +
                                             " columns, '" + info.name + "' has " +
                                             std::to_string(info.cols));
        }
        info.rows += part->rows();
        info.stored += part->info().stored;
        info.storage_bytes += part->info().storage_bytes;
        info.needs_double = info.needs_double || part->info().needs_double;
    }
    return std::make_shared<StackedMatrix>(std::move(info), std::move(matrices));
}

} // namespace ember

#include "core/training/buffer_pool.hpp"

#include <cstdlib>
#include <new>
#include <sys/mman.h>

namespace ember {

namespace {

constexpr std::size_t huge_page = std::size_t{2} << 20U, line = 64, smallest = std::size_t{64} << 10U;

/// Large blocks ask for huge pages: fewer faults at first, fewer misses of the address cache afterwards.
void* allocate(std::size_t bytes) {
    void* memory = nullptr;
    const bool huge = bytes >= huge_page;
    if (posix_memalign(&memory, huge ? huge_page : line, bytes) != 0) {
        throw std::bad_alloc();
    }
    if (huge) {
        madvise(memory, bytes / huge_page * huge_page, MADV_HUGEPAGE);
    }
    return memory;
}

} // namespace

BufferPool::~BufferPool() {
    trim();
}

at::Tensor BufferPool::take(at::IntArrayRef shape, at::ScalarType type) {
    std::size_t bytes = type == at::kFloat ? 4 : 2;
    for (const std::int64_t extent : shape) {
        bytes *= static_cast<std::size_t>(extent);
    }
    if (bytes < smallest) {
        return at::empty(shape, type);
    }
    void* memory = nullptr;
    {
        const std::lock_guard lock(mutex_);
        std::vector<void*>& same = unused_[bytes];
        if (!same.empty()) {
            memory = same.back();
            same.pop_back();
        }
    }
    if (memory == nullptr) {
        memory = allocate(bytes);
    }
    const auto give_back = [pool = shared_from_this(), bytes](void* block) {
        const std::lock_guard lock(pool->mutex_);
        pool->unused_[bytes].push_back(block);
    };
    return at::from_blob(memory, shape, give_back, at::TensorOptions(type));
}

void BufferPool::trim() {
    const std::lock_guard lock(mutex_);
    for (auto& [bytes, blocks] : unused_) {
        for (void* block : blocks) {
            std::free(block);
        }
    }
    unused_.clear();
}

} // namespace ember

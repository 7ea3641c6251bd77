#pragma once
// Memory of tensors that come and go in every step: kept, because fresh memory of this size costs a page
// fault every 4 KiB.

#include <cstddef>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "core/model/torch.hpp"

namespace ember {

class BufferPool : public std::enable_shared_from_this<BufferPool> {
public:
    static std::shared_ptr<BufferPool> make() { return std::shared_ptr<BufferPool>(new BufferPool); }
    ~BufferPool();
    BufferPool(const BufferPool&) = delete;
    BufferPool& operator=(const BufferPool&) = delete;

    /// An uninitialised tensor, whose memory comes back here with its last owner.
    at::Tensor take(at::IntArrayRef shape, at::ScalarType type = at::kFloat);

    /// Gives unused memory back to the system.
    void trim();

private:
    BufferPool() = default;

    std::mutex mutex_;
    std::unordered_map<std::size_t, std::vector<void*>> unused_; ///< by bytes
};

} // namespace ember

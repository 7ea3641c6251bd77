#pragma once
// The one process-wide lock around libhdf5, which is not safe to enter from two threads.

namespace ember::h5 {

/// Holds the lock; the same thread may nest it. Never hold it while values are decoded or while parallel work
/// is awaited: the workers need it.
class Lock {
public:
    Lock();
    ~Lock();
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

    /// Whether the calling thread holds the lock now.
    static bool held_here() noexcept;
};

} // namespace ember::h5

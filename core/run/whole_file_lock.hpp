#pragma once
// Locks that belong to an open file: they go when it is closed or its process ends, can be asked about
// without being taken, and work over NFS.

namespace ember {

/// Takes the lock; false when another holds it or locks are not supported (errno tells). With `wait` it
/// returns when it is free.
bool lock_whole_file(int descriptor, bool wait) noexcept;

/// Whether another open file, of this process or not, holds the lock. The descriptor must be open for
/// reading.
bool is_whole_file_locked(int descriptor) noexcept;

} // namespace ember

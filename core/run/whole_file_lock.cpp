#include "core/run/whole_file_lock.hpp"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace ember {

namespace {

struct flock whole_file() noexcept {
    struct flock area {};
    area.l_type = F_WRLCK;
    area.l_whence = SEEK_SET;
    return area;
}

} // namespace

bool lock_whole_file(int descriptor, bool wait) noexcept {
    struct flock area = whole_file();
    int result = -1;
    do {
        result = ::fcntl(descriptor, wait ? F_OFD_SETLKW : F_OFD_SETLK, &area);
    } while (result != 0 && errno == EINTR);
    return result == 0;
}

bool is_whole_file_locked(int descriptor) noexcept {
    struct flock area = whole_file();
    return ::fcntl(descriptor, F_OFD_GETLK, &area) == 0 && area.l_type != F_UNLCK;
}

} // namespace ember

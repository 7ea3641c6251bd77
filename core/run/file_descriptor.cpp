#include "core/run/file_descriptor.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <unistd.h>

#include "core/base/error.hpp"

namespace ember {

FileDescriptor::~FileDescriptor() {
    if (fd_ >= 0) {
        ::close(fd_);
    }
}

FileDescriptor FileDescriptor::open(const std::filesystem::path& file, int flags) noexcept {
    int fd = -1;
    do {
        fd = ::open(file.c_str(), flags | O_CLOEXEC, 0666);
    } while (fd < 0 && errno == EINTR);
    return FileDescriptor(fd);
}

FileDescriptor FileDescriptor::open_to_write(const std::filesystem::path& file, int flags) {
    FileDescriptor opened = open(file, flags);
    if (!opened.valid()) {
        throw_write_error(file);
    }
    return opened;
}

void throw_write_error(const std::filesystem::path& file) {
    const int error = errno;
    if (error == ENOSPC || error == EDQUOT || error == EFBIG) {
        throw ResourceError("NoSpace", "The file cannot be written: the disk is full",
                            {file.string(), {}, {}}, "Free some space or choose another folder");
    }
    throw Error("CannotWrite", std::string("The file cannot be written: ") + std::strerror(error),
                {file.string(), {}, {}}, "Choose a folder that exists and that you may write to");
}

void write_all(int descriptor, std::span<const std::byte> bytes, const std::filesystem::path& file) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written < 0) {
            throw_write_error(file);
        }
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
}

void write_all(int descriptor, std::string_view text, const std::filesystem::path& file) {
    write_all(descriptor, std::as_bytes(std::span(text)), file);
}

bool read_small_file(const std::filesystem::path& file, std::size_t most_bytes, std::string& text) {
    text.clear();
    const FileDescriptor opened = FileDescriptor::open(file, O_RDONLY);
    if (!opened.valid()) {
        return false;
    }
    std::string piece(std::min<std::size_t>(most_bytes, 1 << 16), '\0');
    while (text.size() < most_bytes) {
        const ssize_t got =
            ::read(opened.get(), piece.data(), std::min(piece.size(), most_bytes - text.size()));
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return got == 0;
        }
        text.append(piece, 0, static_cast<std::size_t>(got));
    }
    return true;
}

} // namespace ember

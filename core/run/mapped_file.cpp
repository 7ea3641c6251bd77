#include "core/run/mapped_file.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.hpp"

namespace ember {

namespace {

/// Closes a file descriptor at the end of a scope.
class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ >= 0) {
            ::close(number_);
        }
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const noexcept { return number_; }

private:
    int number_;
};

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& why) {
    throw Error("CannotRead", "The file cannot be read: " + why, {file.string(), "", {}},
                "Check the path and the permissions");
}

} // namespace

std::shared_ptr<const MappedFile> MappedFile::open(const std::filesystem::path& file) {
    // Without O_NONBLOCK, opening a pipe would wait for a writer.
    const Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (descriptor.get() < 0) {
        fail(file, std::strerror(errno));
    }
    struct stat status {};
    if (::fstat(descriptor.get(), &status) != 0) {
        fail(file, std::strerror(errno));
    }
    if (!S_ISREG(status.st_mode)) {
        fail(file, S_ISDIR(status.st_mode) ? "it is a folder" : "it is not a regular file");
    }
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size == 0) {
        return std::shared_ptr<const MappedFile>(new MappedFile({}));
    }
    void* const address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor.get(), 0);
    if (address == MAP_FAILED) {
        fail(file, std::strerror(errno));
    }
    return std::shared_ptr<const MappedFile>(new MappedFile({static_cast<const std::byte*>(address), size}));
}

MappedFile::~MappedFile() {
    if (!bytes_.empty()) {
        void* const address = const_cast<std::byte*>(bytes_.data()); // NOLINT: munmap takes a plain pointer
        ::munmap(address, bytes_.size());
    }
}

} // namespace ember

#include "core/data/hdf5_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/data/hdf5_error.hpp"
#include "core/data/object_header.hpp"

namespace ember::h5 {

namespace {

Handle open_handle(const std::string& path) {
    const Lock lock;
    const Handle access(H5Pcreate(H5P_FILE_ACCESS));
    H5Pset_file_locking(access.get(), false, true);
    Handle file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.get()));
    if (!file) {
        // A file that a writer holds for concurrent readers opens in this mode only. What looks damaged is
        // read again, after twice the wait each time: ten times are a microsecond, the library's hundred for
        // ever.
        H5Pset_metadata_read_attempts(access.get(), 10);
        file = Handle(H5Fopen(path.c_str(), H5F_ACC_RDONLY | H5F_ACC_SWMR_READ, access.get()));
    }
    return file;
}

Handle open_image_handle(const std::vector<unsigned char>& bytes) {
    const Lock lock;
    const Handle access(H5Pcreate(H5P_FILE_ACCESS));
    H5Pset_fapl_core(access.get(), 1 << 20, false);
    H5Pset_file_image(access.get(), const_cast<unsigned char*>(bytes.data()), bytes.size());
    return Handle(H5Fopen("image", H5F_ACC_RDONLY, access.get()));
}

} // namespace

FilePtr File::open(const std::filesystem::path& path) {
    const std::shared_ptr<File> file(new File());
    file->path_ = path;
    // Without O_NONBLOCK, opening a pipe would wait for a writer.
    file->descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status = {};
    if (file->descriptor_ < 0 || ::fstat(file->descriptor_, &status) != 0) {
        throw file->error("CannotRead", {},
                          std::string("The file cannot be opened: ") + std::strerror(errno));
    }
    if (!S_ISREG(status.st_mode)) {
        throw file->error("CannotRead", {}, "This is not a file");
    }
    file->size_ = static_cast<std::uint64_t>(status.st_size);
    file->check_start();
    file->handle_ = open_handle(path.string());
    if (!file->handle_) {
        throw file->error("Corrupt", {}, "The HDF5 library cannot open the file: its structure is damaged");
    }
    return file;
}

FilePtr File::open_image(std::vector<unsigned char> bytes, const std::string& name) {
    const std::shared_ptr<File> file(new File());
    file->path_ = name;
    file->image_ = std::move(bytes);
    file->size_ = file->image_.size();
    file->check_start();
    file->handle_ = open_image_handle(file->image_);
    if (!file->handle_) {
        throw file->error("Corrupt", {}, "The HDF5 library cannot open the file: its structure is damaged");
    }
    return file;
}

File::~File() {
    if (descriptor_ >= 0) {
        ::close(descriptor_);
    }
}

/// Reads what libhdf5 will read first, before it does.
void File::check_start() {
    const auto reader = [&](std::uint64_t offset, std::span<unsigned char> out) {
        return try_read(offset, out);
    };
    superblock_ = read_superblock(reader, size_, path_.string());
    check_object(*this, superblock_.root_address, "/");
    if (superblock_.extension_address != ~std::uint64_t(0)) {
        check_object(*this, superblock_.extension_address, "superblock");
    }
}

bool File::try_read(std::uint64_t offset, std::span<unsigned char> out) const noexcept {
    if (out.empty()) {
        return true;
    }
    if (offset > size_ || out.size() > size_ - offset) {
        return false;
    }
    if (descriptor_ < 0) {
        std::memcpy(out.data(), image_.data() + offset, out.size());
        return true;
    }
    while (!out.empty()) {
        const ssize_t count = ::pread(descriptor_, out.data(), out.size(), static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return false;
        }
        out = out.subspan(static_cast<std::size_t>(count));
        offset += static_cast<std::uint64_t>(count);
    }
    return true;
}

void File::read_at(std::uint64_t offset, std::span<std::byte> out, const std::string& key) const {
    if (!try_read(offset, {reinterpret_cast<unsigned char*>(out.data()), out.size()})) {
        throw error("Truncated", key, "The file ends before the values do");
    }
}

Error File::error(const std::string& class_name, const std::string& key, std::string message,
                  std::string remedy) const {
    return data_error(class_name, std::move(message), path_.string(), key, std::move(remedy));
}

} // namespace ember::h5

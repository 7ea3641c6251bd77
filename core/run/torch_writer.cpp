#include "core/run/torch_writer.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>

#include "core/base/atomic_file.hpp"
#include "core/run/file_descriptor.hpp"
#include "core/run/pickle_writer.hpp"
#include "core/run/zip_writer.hpp"

namespace ember {

namespace {

/// Between two looks at cancel; a slow disk takes 50 ms for it.
constexpr std::uint64_t piece_bytes = std::uint64_t{4} << 20;
alignas(64) constexpr std::array<std::byte, 1 << 16> zero_bytes{};

/// A full disk is found before anything is written. Where the file system cannot reserve, writing will tell.
void reserve(int descriptor, std::uint64_t bytes, const std::filesystem::path& file) {
    if (bytes > piece_bytes &&
        ::fallocate(descriptor, FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(bytes)) != 0 &&
        (errno == ENOSPC || errno == EDQUOT)) {
        throw_write_error(file);
    }
}

void write_storage(ZipWriter& zip, const TorchStorage& storage, JobContext& job) {
    const std::uint64_t step = storage.bytes.empty() ? zero_bytes.size() : piece_bytes;
    for (std::uint64_t at = 0; at < storage.size(); at += step) {
        job.check_cancelled();
        const std::uint64_t length = std::min(step, storage.size() - at);
        zip.write(storage.bytes.empty() ? std::span(zero_bytes).first(length)
                                        : storage.bytes.subspan(at, length));
    }
}

/// PyTorch writes two hashes of 20 digits each.
std::string serialization_id(std::uint64_t checksum) {
    std::string id;
    for (const std::uint64_t factor : {std::uint64_t{1}, std::uint64_t{0xda942042e4dd58b5}}) {
        const std::string digits = std::to_string(checksum * factor);
        id += std::string(20 - digits.size(), '0') + digits;
    }
    return id;
}

} // namespace

void write_torch_file(const std::filesystem::path& file, const std::string& folder, const PickleValue& root,
                      const std::vector<TorchStorage>& storages, JobContext& job) {
    const std::string pickle = write_pickle(root, PickleProtocol::two);
    std::uint64_t bytes = pickle.size();
    for (const TorchStorage& storage : storages) {
        bytes += storage.size();
    }
    AtomicFile atomic(file);
    {
        const FileDescriptor opened = FileDescriptor::open_to_write(atomic.temporary(), O_WRONLY | O_TRUNC);
        reserve(opened.get(), bytes, file);
        ZipWriter zip(opened.get(), file);
        const std::string top = folder + "/";
        zip.add(top + "data.pkl", pickle);
        zip.add(top + ".format_version", "1");
        zip.add(top + ".storage_alignment", "64");
        zip.add(top + "byteorder", "little");
        for (std::size_t i = 0; i < storages.size(); ++i) {
            zip.begin(top + "data/" + std::to_string(i), storages[i].size());
            write_storage(zip, storages[i], job);
            zip.end();
        }
        zip.add(top + "version", "3\n");
        zip.add(top + ".data/serialization_id", serialization_id(zip.combined_checksum()));
        zip.finish();
    }
    job.check_cancelled();
    atomic.commit();
}

} // namespace ember

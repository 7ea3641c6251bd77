#include "core/run/torch_archive.hpp"

#include "core/base/error.hpp"
#include "core/run/tensor_bounds.hpp"
#include "core/run/unpickler.hpp"

namespace ember {

namespace {

/// The archive's one top folder, known by its data.pkl.
std::string pickle_folder(const ZipArchive& zip, const std::string& file) {
    constexpr std::string_view pickle = "/data.pkl";
    for (const ZipEntry& entry : zip.entries()) {
        if (entry.name.ends_with(pickle) && entry.name.find('/') == entry.name.size() - pickle.size()) {
            return entry.name.substr(0, entry.name.size() - pickle.size() + 1);
        }
    }
    throw Error("NotACheckpoint", "The zip archive holds no data.pkl, so PyTorch did not write it",
                {file, "", {}}, "Choose a .ckpt, .pt or .safetensors file");
}

void check_byte_order(const ZipArchive& zip, const std::string& folder, const std::string& file) {
    const ZipEntry* const entry = zip.find(folder + "byteorder");
    if (entry == nullptr) {
        return;
    }
    const std::span<const std::byte> order = zip.data(*entry);
    if (std::string_view(reinterpret_cast<const char*>(order.data()), order.size()) != "little") {
        throw Error("UnsupportedType", "The tensors are not in little-endian byte order",
                    {file, entry->name, {}}, "Save the model again on an x86 or ARM machine");
    }
}

} // namespace

TorchArchive::TorchArchive(std::span<const std::byte> bytes, const std::string& file, bool check_sums)
    : file_(file), zip_(bytes, file), folder_(pickle_folder(zip_, file)) {
    check_byte_order(zip_, folder_, file);
    const ZipEntry& entry = *zip_.find(folder_ + "data.pkl");
    pickle_ = check_sums ? zip_.checked_data(entry) : zip_.data(entry);
    document_ = unpickle(pickle_, file);
}

TensorView TorchArchive::view(const PickleNode& tensor, const std::string& name) const {
    const PickleTensor& described = document_.tensors[static_cast<std::size_t>(tensor.integer)];
    const PickleNode& storage = document_.node(described.storage);
    const ZipEntry* const entry = zip_.find(folder_ + "data/" + storage.text);
    if (entry == nullptr) {
        throw Error("MissingMember", "The data of a tensor is not in the archive", {file_, name, {}},
                    "Copy the file again from its source");
    }
    const std::span<const std::byte> data = zip_.data(*entry);
    if (storage.integer < 0 ||
        static_cast<std::uint64_t>(storage.integer) > data.size() / size_of(storage.scalar_type)) {
        throw Error("Corrupt", "The data of a tensor is shorter than announced", {file_, name, {}},
                    "Copy the file again from its source");
    }
    return checked_view(name, storage.scalar_type, described.shape, described.strides, described.offset, data,
                        file_);
}

} // namespace ember

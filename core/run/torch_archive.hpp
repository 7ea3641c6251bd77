#pragma once
// A file of torch.save: a zip archive with a pickle and the tensors' storages beside it.

#include <cstddef>
#include <span>
#include <string>

#include "core/run/pickle_document.hpp"
#include "core/run/tensor_view.hpp"
#include "core/run/zip_archive.hpp"

namespace ember {

/// Views into `bytes`, which must outlive the archive. Storages are located when a view of them is asked for.
class TorchArchive {
public:
    /// Errors of ZipArchive and unpickle; NotACheckpoint for another kind of zip, UnsupportedType for
    /// big-endian data. With `check_sums` false the pickle's CRC-32 is not compared (for fuzzing).
    TorchArchive(std::span<const std::byte> bytes, const std::string& file, bool check_sums = true);

    const PickleDocument& document() const noexcept { return document_; }
    const PickleNode& root() const { return document_.node(document_.root); }
    const ZipArchive& zip() const noexcept { return zip_; }
    std::span<const std::byte> pickle() const noexcept { return pickle_; }

    /// The view of a node of kind tensor. Errors: MissingMember (no such storage), Corrupt (bounds).
    TensorView view(const PickleNode& tensor, const std::string& name) const;

private:
    std::string file_;
    ZipArchive zip_;
    std::string folder_; ///< "archive/"
    std::span<const std::byte> pickle_;
    PickleDocument document_;
};

} // namespace ember

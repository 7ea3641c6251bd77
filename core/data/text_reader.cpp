#include "core/data/text_reader.hpp"

#include <algorithm>
#include <cstring>

#include "core/data/global_heap.hpp"

namespace ember::h5 {

namespace {

constexpr std::uint64_t batch_bytes = 4 << 20;

std::string_view fixed_text(const std::byte* bytes, std::size_t width, char padding) {
    const auto* start = reinterpret_cast<const char*>(bytes);
    std::size_t length = ::strnlen(start, width);
    while (padding != '\0' && length > 0 && start[length - 1] == padding) {
        --length;
    }
    return {start, length};
}

void add_text(std::vector<std::string>& texts, std::string_view text, const Dataset& dataset) {
    require_utf8(text, dataset.file(), dataset.key());
    texts.emplace_back(text);
}

/// Variable text in a layout that only libhdf5 reads.
void read_by_library(const Dataset& dataset, std::vector<std::string>& texts) {
    const Lock lock;
    const Handle memory(H5Tcopy(H5T_C_S1));
    H5Tset_size(memory.get(), H5T_VARIABLE);
    H5Tset_cset(memory.get(), H5Tget_cset(dataset.type_id()));
    const Handle space(H5Dget_space(dataset.id()));
    std::vector<char*> pointers(dataset.elements(), nullptr);
    if (H5Dread(dataset.id(), memory.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()) < 0) {
        throw dataset.error("Corrupt", "The texts of '" + dataset.key() + "' cannot be read");
    }
    std::vector<std::string> copies;
    for (const char* pointer : pointers) {
        copies.emplace_back(pointer == nullptr ? "" : pointer);
    }
    H5Dvlen_reclaim(memory.get(), space.get(), H5P_DEFAULT, pointers.data());
    for (const auto& copy : copies) {
        add_text(texts, copy, dataset);
    }
}

} // namespace

bool valid_utf8(std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const int more = lead < 0x80                   ? 0
                         : lead >= 0xc2 && lead < 0xe0 ? 1
                         : lead >= 0xe0 && lead < 0xf0 ? 2
                         : lead >= 0xf0 && lead < 0xf5 ? 3
                                                       : -1;
        if (more < 0 || text.size() - i <= static_cast<std::size_t>(more)) {
            return false;
        }
        for (int k = 1; k <= more; ++k) {
            if ((static_cast<unsigned char>(text[i + static_cast<std::size_t>(k)]) & 0xc0) != 0x80) {
                return false;
            }
        }
        const auto second = more > 0 ? static_cast<unsigned char>(text[i + 1]) : 0;
        if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second >= 0xa0) ||
            (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second >= 0x90)) {
            return false;
        }
        i += static_cast<std::size_t>(more) + 1;
    }
    return true;
}

void require_utf8(std::string_view text, const File& file, const std::string& key) {
    if (!valid_utf8(text)) {
        throw file.error("BadText", key, "A text in '" + key + "' is not valid UTF-8");
    }
}

std::vector<std::string> read_texts(const Dataset& dataset) {
    if (!dataset.type().text()) {
        throw dataset.error("UnsupportedType", "'" + dataset.key() + "' holds " + dataset.type().numpy_name +
                                                   " values where text is expected");
    }
    if (!dataset.plausible()) {
        throw dataset.error("ShapeMismatch", "'" + dataset.key() + "' declares " +
                                                 std::to_string(dataset.elements()) +
                                                 " texts but far fewer are stored");
    }
    std::vector<std::string> texts;
    texts.reserve(dataset.elements());
    if (dataset.elements() == 0) {
        return texts;
    }
    const bool fixed = dataset.type().kind == ElementKind::fixed_text;
    const std::uint64_t width = fixed ? dataset.type().size : 16, row_bytes = width * dataset.row_elements();
    GlobalHeap heap(dataset.file(), dataset.key());
    std::vector<std::byte> bytes;
    const std::uint64_t batch_rows = std::max<std::uint64_t>(1, batch_bytes / row_bytes);
    for (std::uint64_t row = 0; row < dataset.rows(); row += batch_rows) {
        const std::uint64_t count = std::min(batch_rows, dataset.rows() - row);
        bytes.resize(count * row_bytes);
        if (fixed) {
            dataset.read_rows(row, count, bytes);
        } else if (!dataset.read_text_references(row, count, bytes)) {
            read_by_library(dataset, texts);
            return texts;
        }
        for (std::uint64_t i = 0; i < count * dataset.row_elements(); ++i) {
            const auto* at = bytes.data() + i * width;
            add_text(texts,
                     fixed ? fixed_text(at, width, dataset.type().text_padding)
                           : heap.text(std::span<const std::byte, 16>(at, 16)),
                     dataset);
        }
    }
    return texts;
}

} // namespace ember::h5

#include "core/run/inline_storage.hpp"

#include <string_view>

#include "core/base/error.hpp"
#include "core/run/little_endian.hpp"
#include "core/run/unpickler.hpp"

namespace ember {

namespace {

using namespace std::string_view_literals;

/// The pickles of the format's magic number and of its version, 1001.
constexpr std::string_view preamble =
    "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03."sv;

[[noreturn]] void corrupt(const std::string& what, const std::string& file) {
    throw Error("Corrupt", "A tensor in the pickle is damaged: " + what, {file, "", {}},
                "Copy the file again from its source");
}

} // namespace

PickleNode inline_storage(const std::string& bytes, const std::string& file) {
    if (!bytes.starts_with(preamble)) {
        corrupt("it is not in PyTorch's format", file);
    }
    std::span<const std::byte> rest = std::as_bytes(std::span(bytes)).subspan(preamble.size());
    const auto next = [&] {
        std::size_t used = 0;
        PickleDocument document = unpickle(rest, file, PickleSource::torch_archive, &used);
        rest = rest.subspan(used);
        return document;
    };
    const PickleDocument system = next();
    const PickleNode* const little = system.find(system.node(system.root), "little_endian");
    if (little == nullptr || little->integer == 0) {
        throw Error("UnsupportedType", "The tensors are not in little-endian byte order", {file, "", {}});
    }
    const PickleDocument described = next();
    const PickleDocument keys = next();
    PickleNode storage = described.node(described.root);
    if (storage.kind != PickleKind::storage || keys.node(keys.root).items.size() != 1) {
        corrupt("it is not one storage", file);
    }
    if (rest.size() < sizeof(std::int64_t)) {
        throw Error("Truncated", "A tensor in the pickle ends too early", {file, "", {}});
    }
    const auto elements = read_little_endian<std::int64_t>(rest, 0);
    rest = rest.subspan(sizeof(std::int64_t));
    if (elements != storage.integer || elements < 0 ||
        rest.size() / size_of(storage.scalar_type) < static_cast<std::uint64_t>(elements)) {
        corrupt("its data is shorter than announced", file);
    }
    const std::size_t size = static_cast<std::size_t>(elements) * size_of(storage.scalar_type);
    storage.text.assign(reinterpret_cast<const char*>(rest.data()), size);
    storage.carries_data = true;
    return storage;
}

} // namespace ember

#include "core/run/label_map.hpp"

#include <algorithm>
#include <memory>

#include "core/base/error.hpp"
#include "core/run/tensor_bounds.hpp"
#include "core/run/torch_archive.hpp"
#include "core/run/unpickler.hpp"

namespace ember {

namespace {

/// One-hot vectors may be views into one storage, but together they are not much larger than their file.
constexpr std::uint64_t most_bytes_per_file_byte = 8, small_map_bytes = 1 << 20;
constexpr std::size_t most_name_bytes = std::size_t{128} << 20;

/// Either kind of pickled file.
struct Pickled {
    std::unique_ptr<TorchArchive> archive;
    PickleDocument bare;

    const PickleDocument& document() const { return archive ? archive->document() : bare; }
    const PickleNode& root() const { return document().node(document().root); }

    /// A tensor whose data lies in the archive or in the pickle itself.
    TensorView view(const PickleNode& tensor, const std::string& name, const std::string& file) const {
        if (archive) {
            return archive->view(tensor, name);
        }
        const PickleTensor& described = bare.tensors[static_cast<std::size_t>(tensor.integer)];
        const PickleNode& storage = bare.node(described.storage);
        if (!storage.carries_data) {
            throw Error("MissingMember", "The data of a tensor is not in the file", {file, name, {}},
                        "Copy the run directory again from its source");
        }
        return checked_view(name, storage.scalar_type, described.shape, described.strides, described.offset,
                            std::as_bytes(std::span(storage.text)), file);
    }
};

Pickled read_pickled(std::span<const std::byte> bytes, const std::string& file, bool check_sums) {
    Pickled result;
    if (looks_like_zip(bytes)) {
        result.archive = std::make_unique<TorchArchive>(bytes, file, check_sums);
    } else {
        result.bare = unpickle(bytes, file, PickleSource::bare);
    }
    if (result.root().kind != PickleKind::dict) {
        throw Error("Corrupt", "The file does not hold a dictionary", {file, "", {}},
                    "Copy the run directory again from its source");
    }
    return result;
}

std::string label_of(const PickleDocument& document, const PickleNode& key, const std::string& file) {
    if (key.kind == PickleKind::text) {
        return key.text;
    }
    if (key.kind == PickleKind::tuple || key.kind == PickleKind::list || key.kind == PickleKind::dict) {
        throw Error("Corrupt", "A label of the map is not a text or number", {file, "", {}});
    }
    return pickle_to_json(document, key, file).dump();
}

void add_label(LabelMap& map, std::string label, const TensorView& vector, std::uint64_t most_bytes,
               const std::string& file) {
    if (vector.shape.size() != 1 || (map.dim != 0 && vector.shape[0] != map.dim) || vector.shape[0] == 0) {
        throw Error("ShapeMismatch", "The vectors of the map differ in length", {file, label, {}},
                    "Copy the run directory again from its source");
    }
    map.dim = vector.shape[0];
    if ((map.vectors.size() + static_cast<std::uint64_t>(map.dim)) * sizeof(float) > most_bytes) {
        throw Error("Corrupt", "The vectors of the map are larger than its file", {file, label, {}});
    }
    const std::vector<float> values = float_values(vector);
    const auto largest = std::max_element(values.begin(), values.end());
    const auto [found, is_new] = map.index.emplace(label, map.labels.size());
    if (is_new) {
        map.labels.push_back(std::move(label));
        map.vectors.insert(map.vectors.end(), values.begin(), values.end());
        map.argmax.push_back(largest - values.begin());
    } else {
        std::copy(values.begin(), values.end(),
                  map.vectors.begin() + static_cast<std::ptrdiff_t>(found->second) * map.dim);
        map.argmax[found->second] = largest - values.begin();
    }
}

std::optional<std::int64_t> dimension(const PickleDocument& document, const PickleNode& dict,
                                      const char* key) {
    const PickleNode* const node = document.find(dict, key);
    if (node != nullptr && node->kind == PickleKind::integer) {
        return node->integer;
    }
    return std::nullopt;
}

std::vector<std::string> names(const PickleDocument& document, const PickleNode& dict, const char* key,
                               const std::string& file) {
    std::vector<std::string> result;
    const PickleNode* const node = document.find(dict, key);
    if (node == nullptr || (node->kind != PickleKind::list && node->kind != PickleKind::tuple)) {
        return result;
    }
    std::size_t bytes = 0;
    for (const PickleId item : node->items) {
        result.push_back(label_of(document, document.node(item), file));
        bytes += sizeof(std::string) + result.back().size();
        if (bytes > most_name_bytes) {
            throw ResourceError("NoMemory", "The names unfold to more than 128 MiB", {file, key, {}});
        }
    }
    return result;
}

} // namespace

std::optional<std::size_t> LabelMap::find(const std::string& label) const {
    const auto found = index.find(label);
    if (found == index.end()) {
        return std::nullopt;
    }
    return found->second;
}

LabelMap label_map_from_bytes(std::span<const std::byte> bytes, const std::string& file, bool check_sums) {
    const Pickled pickled = read_pickled(bytes, file, check_sums);
    const PickleDocument& document = pickled.document();
    const PickleNode& root = pickled.root();
    const std::uint64_t most_bytes = bytes.size() * most_bytes_per_file_byte + small_map_bytes;
    LabelMap map;
    for (std::size_t i = 0; i + 1 < root.items.size(); i += 2) {
        const std::string label = label_of(document, document.node(root.items[i]), file);
        const PickleNode& value = document.node(root.items[i + 1]);
        if (value.kind != PickleKind::tensor) {
            throw Error("Corrupt", "A label of the map has no vector", {file, label, {}},
                        "Copy the run directory again from its source");
        }
        add_label(map, label, pickled.view(value, label, file), most_bytes, file);
    }
    return map;
}

VarDims var_dims_from_bytes(std::span<const std::byte> bytes, const std::string& file, bool check_sums) {
    const Pickled pickled = read_pickled(bytes, file, check_sums);
    const PickleDocument& document = pickled.document();
    const PickleNode& root = pickled.root();
    VarDims dims;
    dims.input_dim = dimension(document, root, "input_dim");
    dims.gene_dim = dimension(document, root, "gene_dim");
    dims.hvg_dim = dimension(document, root, "hvg_dim");
    dims.output_dim = dimension(document, root, "output_dim");
    dims.pert_dim = dimension(document, root, "pert_dim");
    dims.batch_dim = dimension(document, root, "batch_dim");
    dims.gene_names = names(document, root, "gene_names", file);
    dims.pert_names = names(document, root, "pert_names", file);
    return dims;
}

} // namespace ember

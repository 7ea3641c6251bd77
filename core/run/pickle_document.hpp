#pragma once
// What a pickle describes, as plain data: nodes that refer to each other by number. Objects that Python would
// build by calling something stay descriptions.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/run/tensor_view.hpp"

namespace ember {

using PickleId = std::uint32_t;

enum class PickleKind : std::uint8_t {
    none,
    boolean,
    integer,
    real,
    text,
    bytes,
    tuple,
    list,
    dict, ///< also OrderedDict; `items` alternate key, value
    set,
    global, ///< a permitted class or function
    storage,
    tensor,
    dtype, ///< a numpy scalar type; `text` is its code, e.g. "U7"
    opaque ///< an object that is kept by its class name only
};

/// What a permitted global stands for.
enum class PickleGlobal : std::uint8_t {
    ordered_dict,
    rebuild_tensor,
    rebuild_parameter,
    storage,
    numpy_scalar,
    numpy_dtype,
    encode,
    set,
    inline_storage,
    opaque
};

struct PickleNode {
    PickleKind kind = PickleKind::none;
    PickleGlobal global = PickleGlobal::opaque;   ///< of kind global
    ScalarType scalar_type = ScalarType::float32; ///< of a storage or its class
    std::int64_t integer = 0;                     ///< value; index of a tensor; elements of a storage
    double real = 0;
    bool carries_data = false; ///< of a storage: `text` is its data
    std::string text;          ///< value; storage key or data; class name
    std::vector<PickleId> items;
};

/// Where a pickle lies: in a torch.save archive, or bare, so that its tensors carry their data inside.
enum class PickleSource : std::uint8_t { torch_archive, bare };

/// A tensor as described: an area of a storage that lies elsewhere.
struct PickleTensor {
    PickleId storage = 0;
    std::int64_t offset = 0; ///< in elements
    std::vector<std::int64_t> shape, strides;
};

class PickleDocument {
public:
    PickleId add(PickleNode node) {
        nodes_.push_back(std::move(node));
        return static_cast<PickleId>(nodes_.size() - 1);
    }
    std::size_t size() const noexcept { return nodes_.size(); }
    PickleNode& node(PickleId id) { return nodes_[id]; }
    const PickleNode& node(PickleId id) const { return nodes_[id]; }

    /// The value under a text key of a dict; null when absent or `dict` is none.
    const PickleNode* find(const PickleNode& dict, std::string_view key) const;

    PickleId root = 0;
    std::vector<PickleTensor> tensors;
    std::uint64_t bytes_made = 0; ///< by calls that copy text; bounded, since a memo can repeat them

private:
    std::vector<PickleNode> nodes_;
};

/// Plain values as JSON; tensors, classes and objects become short descriptions. Nesting deeper than 64 and
/// more than a million values throw Corrupt with `file`, more than 128 MiB of text ResourceError `NoMemory`.
nlohmann::json pickle_to_json(const PickleDocument& document, const PickleNode& node,
                              const std::string& file);

} // namespace ember

#include "core/run/pickle_calls.hpp"

#include <array>

#include "core/base/error.hpp"
#include "core/run/inline_storage.hpp"
#include "core/run/numpy_scalar.hpp"
#include "core/run/unicode_text.hpp"

namespace ember {

namespace {

constexpr std::size_t most_dimensions = 64;
constexpr std::uint64_t most_bytes_made = std::uint64_t{128} << 20;

struct Permitted {
    std::string_view module, name;
    PickleGlobal global;
    ScalarType type = ScalarType::float32;
};

// torch.nn.modules.loss classes, kept as opaque objects, hold a set.
constexpr std::array permitted{
    Permitted{"collections", "OrderedDict", PickleGlobal::ordered_dict},
    Permitted{"torch._utils", "_rebuild_tensor_v2", PickleGlobal::rebuild_tensor},
    Permitted{"torch._utils", "_rebuild_parameter", PickleGlobal::rebuild_parameter},
    Permitted{"torch", "FloatStorage", PickleGlobal::storage, ScalarType::float32},
    Permitted{"torch", "DoubleStorage", PickleGlobal::storage, ScalarType::float64},
    Permitted{"torch", "HalfStorage", PickleGlobal::storage, ScalarType::float16},
    Permitted{"torch", "BFloat16Storage", PickleGlobal::storage, ScalarType::bfloat16},
    Permitted{"torch", "LongStorage", PickleGlobal::storage, ScalarType::int64},
    Permitted{"torch", "IntStorage", PickleGlobal::storage, ScalarType::int32},
    Permitted{"torch", "BoolStorage", PickleGlobal::storage, ScalarType::boolean},
    Permitted{"numpy._core.multiarray", "scalar", PickleGlobal::numpy_scalar},
    Permitted{"numpy.core.multiarray", "scalar", PickleGlobal::numpy_scalar},
    Permitted{"numpy", "dtype", PickleGlobal::numpy_dtype},
    Permitted{"_codecs", "encode", PickleGlobal::encode},
    Permitted{"__builtin__", "set", PickleGlobal::set},
    Permitted{"builtins", "set", PickleGlobal::set},
};

[[noreturn]] void corrupt(const std::string& what, const std::string& file) {
    throw Error("Corrupt", "The pickle is damaged: " + what, {file, "data.pkl", {}},
                "Copy the file again from its source");
}

void charge(PickleDocument& document, std::uint64_t bytes, const std::string& file) {
    document.bytes_made += bytes;
    if (document.bytes_made > most_bytes_made) {
        throw ResourceError("NoMemory", "The pickle unfolds to more than 128 MiB", {file, "data.pkl", {}});
    }
}

/// The arguments of one call, checked as they are taken.
class Arguments {
public:
    Arguments(const PickleDocument& document, PickleId tuple, const std::string& file)
        : document_(document), tuple_(document.node(tuple)), file_(file) {
        if (tuple_.kind != PickleKind::tuple) {
            corrupt("the arguments of a call are not a tuple", file);
        }
    }
    std::size_t size() const noexcept { return tuple_.items.size(); }
    PickleId id(std::size_t i) const {
        if (i >= size()) {
            corrupt("a call has too few arguments", file_);
        }
        return tuple_.items[i];
    }
    const PickleNode& of(std::size_t i, PickleKind kind) const {
        const PickleNode& node = document_.node(id(i));
        if (node.kind != kind) {
            corrupt("an argument of a call has the wrong type", file_);
        }
        return node;
    }
    std::vector<std::int64_t> integers(std::size_t i) const {
        const PickleNode& list = of(i, PickleKind::tuple);
        if (list.items.size() > most_dimensions) {
            corrupt("a tensor has too many dimensions", file_);
        }
        std::vector<std::int64_t> values;
        for (const PickleId item : list.items) {
            if (document_.node(item).kind != PickleKind::integer) {
                corrupt("a tensor's shape is not made of integers", file_);
            }
            values.push_back(document_.node(item).integer);
        }
        return values;
    }

private:
    const PickleDocument& document_;
    const PickleNode& tuple_;
    const std::string& file_;
};

PickleNode tensor_node(PickleDocument& document, const Arguments& arguments, const std::string& file) {
    PickleTensor tensor;
    arguments.of(0, PickleKind::storage);
    tensor.storage = arguments.id(0);
    tensor.offset = arguments.of(1, PickleKind::integer).integer;
    tensor.shape = arguments.integers(2);
    tensor.strides = arguments.integers(3);
    if (tensor.shape.size() != tensor.strides.size()) {
        corrupt("a tensor's shape and strides differ in length", file);
    }
    charge(document, sizeof(PickleTensor) + 2 * tensor.shape.size() * sizeof(std::int64_t), file);
    document.tensors.push_back(std::move(tensor));
    PickleNode node;
    node.kind = PickleKind::tensor;
    node.integer = static_cast<std::int64_t>(document.tensors.size() - 1);
    return node;
}

PickleNode encoded_bytes(const Arguments& arguments, const std::string& file) {
    const std::string& codec = arguments.of(1, PickleKind::text).text;
    auto bytes = latin1_of_utf8(arguments.of(0, PickleKind::text).text);
    if ((codec != "latin1" && codec != "latin-1") || !bytes) {
        corrupt("bytes are not in Latin-1", file);
    }
    PickleNode node;
    node.kind = PickleKind::bytes;
    node.text = std::move(*bytes);
    return node;
}

PickleNode dtype_node(const PickleDocument& document, const Arguments& arguments, const std::string& file) {
    const PickleNode& code = document.node(arguments.id(0));
    if (code.kind != PickleKind::text && code.kind != PickleKind::bytes) {
        corrupt("a numpy type has no name", file);
    }
    if (code.text.size() > 16 || !is_utf8(code.text)) {
        corrupt("the name of a numpy type is no name", file);
    }
    PickleNode node;
    node.kind = PickleKind::dtype;
    node.text = code.text;
    return node;
}

} // namespace

PickleNode permitted_global(std::string_view module, std::string_view name, PickleSource source,
                            const std::string& file) {
    PickleNode node;
    node.kind = PickleKind::global;
    node.text = std::string(module.substr(0, 200)) + "." + std::string(name.substr(0, 200));
    for (const Permitted& candidate : permitted) {
        if (candidate.module == module && candidate.name == name) {
            node.global = candidate.global;
            node.scalar_type = candidate.type;
            return node;
        }
    }
    if (source == PickleSource::bare && module == "torch.storage" && name == "_load_from_bytes") {
        node.global = PickleGlobal::inline_storage;
        return node;
    }
    if (module == "torch.nn.modules.loss" && is_utf8(node.text) && name.find('.') == std::string_view::npos) {
        node.global = PickleGlobal::opaque;
        return node;
    }
    if (!is_utf8(node.text)) {
        node.text = "a name that is not text";
    }
    throw Error("RefusedGlobal", "The file names '" + node.text + "', which has no place in a model",
                {file, node.text, {}},
                "Nothing was run. Get the model from a source that you trust, or as .safetensors");
}

PickleId describe_call(PickleDocument& document, PickleId function, PickleId arguments,
                       const std::string& file) {
    if (document.node(function).kind != PickleKind::global) {
        corrupt("it calls something that is not a function", file);
    }
    const Arguments given(document, arguments, file);
    PickleNode result;
    switch (document.node(function).global) {
    case PickleGlobal::ordered_dict:
        if (given.size() != 0) {
            corrupt("an OrderedDict is made with arguments", file);
        }
        result.kind = PickleKind::dict;
        break;
    case PickleGlobal::rebuild_tensor:
        result = tensor_node(document, given, file);
        break;
    case PickleGlobal::rebuild_parameter:
        given.of(0, PickleKind::tensor);
        return given.id(0);
    case PickleGlobal::numpy_scalar:
        result = numpy_scalar(given.of(0, PickleKind::dtype), given.of(1, PickleKind::bytes).text, file);
        break;
    case PickleGlobal::numpy_dtype:
        result = dtype_node(document, given, file);
        break;
    case PickleGlobal::encode:
        result = encoded_bytes(given, file);
        break;
    case PickleGlobal::set:
        result.kind = PickleKind::set;
        if (given.size() != 0) {
            result.items = given.of(0, PickleKind::list).items;
        }
        break;
    case PickleGlobal::inline_storage:
        charge(document, given.of(0, PickleKind::bytes).text.size(), file);
        result = inline_storage(given.of(0, PickleKind::bytes).text, file);
        break;
    case PickleGlobal::opaque:
        result.kind = PickleKind::opaque;
        result.text = document.node(function).text;
        break;
    case PickleGlobal::storage:
        corrupt("it calls a storage class", file);
    }
    charge(document, result.text.size() + result.items.size() * sizeof(PickleId), file);
    return document.add(std::move(result));
}

void describe_state(PickleDocument& document, PickleId object, PickleId state, const std::string& file) {
    PickleNode& target = document.node(object);
    switch (target.kind) {
    case PickleKind::dict:
    case PickleKind::opaque:
    case PickleKind::tensor:
        return;
    case PickleKind::dtype: {
        // (version, byte order, …): only the order matters, the size stands in the code.
        const Arguments given(document, state, file);
        target.real = given.of(1, PickleKind::text).text == ">" ? 1 : 0;
        return;
    }
    default:
        corrupt("it gives a state to something that has none", file);
    }
}

PickleId describe_storage(PickleDocument& document, PickleId persistent_id, const std::string& file) {
    const Arguments given(document, persistent_id, file);
    const PickleNode& type = given.of(1, PickleKind::global);
    if (given.of(0, PickleKind::text).text != "storage" || type.global != PickleGlobal::storage) {
        corrupt("a reference to data is not that of a storage", file);
    }
    PickleNode node;
    node.kind = PickleKind::storage;
    node.scalar_type = type.scalar_type;
    node.text = given.of(2, PickleKind::text).text;
    node.integer = given.of(4, PickleKind::integer).integer;
    charge(document, node.text.size(), file);
    return document.add(std::move(node));
}

} // namespace ember

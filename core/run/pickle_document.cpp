#include "core/run/pickle_document.hpp"

#include "core/base/error.hpp"

namespace ember {

namespace {

constexpr int deepest = 64;
constexpr std::size_t most_values = 1'000'000;
constexpr std::size_t most_text_bytes = std::size_t{128} << 20;

/// Shared and cyclic nodes are legal in a pickle, so depth and size are counted while writing them out.
class JsonWriter {
public:
    JsonWriter(const PickleDocument& document, const std::string& file) : document_(document), file_(file) {}

    nlohmann::json write(const PickleNode& node, int depth) {
        if (depth > deepest || ++values_ > most_values) {
            throw Error("Corrupt",
                        depth > deepest ? "The pickle is nested too deeply"
                                        : "The pickle holds too many values",
                        {file_, "data.pkl", {}});
        }
        switch (node.kind) {
        case PickleKind::none:
            return nullptr;
        case PickleKind::boolean:
            return node.integer != 0;
        case PickleKind::integer:
            return node.integer;
        case PickleKind::real:
            return node.real;
        case PickleKind::text:
        case PickleKind::dtype:
            return write_text(node);
        case PickleKind::bytes:
            return "<" + std::to_string(node.text.size()) + " bytes>";
        case PickleKind::tuple:
        case PickleKind::list:
        case PickleKind::set:
            return write_array(node, depth);
        case PickleKind::dict:
            return write_object(node, depth);
        case PickleKind::tensor:
            return write_tensor(node);
        case PickleKind::storage:
            return "<storage>";
        case PickleKind::global:
        case PickleKind::opaque:
            return "<" + node.text + ">";
        }
        return nullptr;
    }

private:
    /// A text that a memo repeats is copied every time.
    const std::string& write_text(const PickleNode& node) {
        text_bytes_ += node.text.size();
        if (text_bytes_ > most_text_bytes) {
            throw ResourceError("NoMemory", "The texts of the pickle unfold to more than 128 MiB",
                                {file_, "data.pkl", {}});
        }
        return node.text;
    }

    nlohmann::json write_array(const PickleNode& node, int depth) {
        nlohmann::json array = nlohmann::json::array();
        for (const PickleId item : node.items) {
            array.push_back(write(document_.node(item), depth + 1));
        }
        return array;
    }

    nlohmann::json write_object(const PickleNode& node, int depth) {
        nlohmann::json object = nlohmann::json::object();
        for (std::size_t i = 0; i + 1 < node.items.size(); i += 2) {
            const PickleNode& key = document_.node(node.items[i]);
            const std::string name =
                key.kind == PickleKind::text ? write_text(key) : write(key, depth + 1).dump();
            object[name] = write(document_.node(node.items[i + 1]), depth + 1);
        }
        return object;
    }

    nlohmann::json write_tensor(const PickleNode& node) {
        const PickleTensor& tensor = document_.tensors[static_cast<std::size_t>(node.integer)];
        std::string text = "<tensor " + std::string(to_string(document_.node(tensor.storage).scalar_type));
        for (const std::int64_t extent : tensor.shape) {
            text += " " + std::to_string(extent);
        }
        return text + ">";
    }

    const PickleDocument& document_;
    const std::string& file_;
    std::size_t values_ = 0, text_bytes_ = 0;
};

} // namespace

const PickleNode* PickleDocument::find(const PickleNode& dict, std::string_view key) const {
    if (dict.kind != PickleKind::dict) {
        return nullptr;
    }
    // As in Python, the last of two equal keys counts.
    for (std::size_t i = dict.items.size() / 2; i-- > 0;) {
        const PickleNode& candidate = nodes_[dict.items[2 * i]];
        if (candidate.kind == PickleKind::text && candidate.text == key) {
            return &nodes_[dict.items[2 * i + 1]];
        }
    }
    return nullptr;
}

nlohmann::json pickle_to_json(const PickleDocument& document, const PickleNode& node,
                              const std::string& file) {
    return JsonWriter(document, file).write(node, 0);
}

} // namespace ember

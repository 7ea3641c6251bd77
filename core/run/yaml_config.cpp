#include "core/run/yaml_config.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

#include <yaml-cpp/yaml.h>

#include "core/base/error.hpp"
#include "core/run/mapped_file.hpp"
#include "core/run/unicode_text.hpp"

namespace ember {

namespace {

constexpr int deepest = 64;
constexpr std::size_t most_values = 200'000;
constexpr std::size_t largest_file = std::size_t{8} << 20;
constexpr std::size_t most_text_bytes = std::size_t{64} << 20;

[[noreturn]] void bad(const std::string& what, const std::string& file, std::optional<long long> row = {}) {
    throw Error("BadConfig", "The configuration cannot be read: " + what, {file, "", row},
                "Correct the file or copy it again from its source");
}

bool is_one_of(const std::string& text, std::initializer_list<const char*> words) {
    std::string lower = text;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c); });
    return std::any_of(words.begin(), words.end(), [&](const char* word) { return lower == word; });
}

nlohmann::json plain_scalar(const std::string& text) {
    if (is_one_of(text, {"", "~", "null"})) {
        return nullptr;
    }
    if (is_one_of(text, {"true", "yes", "on"})) {
        return true;
    }
    if (is_one_of(text, {"false", "no", "off"})) {
        return false;
    }
    if (is_one_of(text, {".inf", "+.inf"})) {
        return std::numeric_limits<double>::infinity();
    }
    if (is_one_of(text, {"-.inf"})) {
        return -std::numeric_limits<double>::infinity();
    }
    if (is_one_of(text, {".nan"})) {
        return std::numeric_limits<double>::quiet_NaN();
    }
    if (text.find_first_not_of("0123456789+-.eE") != std::string::npos) {
        return text;
    }
    const char* const begin = text.data() + (text[0] == '+' ? 1 : 0);
    const char* const end = text.data() + text.size();
    std::int64_t integer = 0;
    if (const auto read = std::from_chars(begin, end, integer); read.ec == std::errc() && read.ptr == end) {
        return integer;
    }
    double real = 0;
    if (const auto read = std::from_chars(begin, end, real); read.ec == std::errc() && read.ptr == end) {
        return real;
    }
    return text;
}

/// Aliases share nodes, so depth and size are counted while unfolding them.
class Converter {
public:
    explicit Converter(const std::string& file) : file_(file) {}

    nlohmann::json convert(const YAML::Node& node, int depth) {
        if (depth > deepest) {
            bad("it is nested too deeply", file_, row_of(node));
        }
        if (++values_ > most_values) {
            bad("it unfolds to too many values", file_, row_of(node));
        }
        switch (node.Type()) {
        case YAML::NodeType::Scalar:
            return scalar(node);
        case YAML::NodeType::Sequence: {
            nlohmann::json array = nlohmann::json::array();
            for (const YAML::Node& item : node) {
                array.push_back(convert(item, depth + 1));
            }
            return array;
        }
        case YAML::NodeType::Map: {
            nlohmann::json object = nlohmann::json::object();
            for (const auto& item : node) {
                if (!item.first.IsScalar()) {
                    bad("a key is not a plain text", file_, row_of(item.first));
                }
                object[checked(item.first)] = convert(item.second, depth + 1);
            }
            return object;
        }
        default:
            return nullptr;
        }
    }

private:
    static std::optional<long long> row_of(const YAML::Node& node) {
        return node.Mark().line >= 0 ? std::optional<long long>(node.Mark().line) : std::nullopt;
    }
    const std::string& checked(const YAML::Node& node) {
        text_bytes_ += node.Scalar().size();
        if (text_bytes_ > most_text_bytes) {
            bad("its texts unfold to more than 64 MiB", file_, row_of(node));
        }
        if (!is_utf8(node.Scalar())) {
            bad("a text is not UTF-8", file_, row_of(node));
        }
        return node.Scalar();
    }
    nlohmann::json scalar(const YAML::Node& node) {
        const std::string& text = checked(node);
        return node.Tag() == "!" || node.Tag().ends_with(":str") ? nlohmann::json(text) : plain_scalar(text);
    }

    const std::string& file_;
    std::size_t values_ = 0, text_bytes_ = 0;
};

} // namespace

nlohmann::json parse_yaml(const std::string& text, const std::string& file) {
    if (text.size() > largest_file) {
        bad("it is larger than 8 MiB", file);
    }
    try {
        return Converter(file).convert(YAML::Load(text), 0);
    } catch (const YAML::Exception& error) {
        bad(error.msg, file, error.mark.line >= 0 ? std::optional<long long>(error.mark.line) : std::nullopt);
    }
}

nlohmann::json read_yaml(const std::filesystem::path& file) {
    if (!std::filesystem::exists(file)) {
        throw Error("MissingMember", "The file is missing", {file.string(), "", {}});
    }
    const auto mapping = MappedFile::open(file);
    const std::span<const std::byte> bytes = mapping->bytes();
    if (bytes.size() > largest_file) {
        bad("it is larger than 8 MiB", file.string());
    }
    return parse_yaml(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()), file.string());
}

} // namespace ember

#pragma once
// What is to be pickled: plain Python values, tensors and numpy texts as a tree.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "core/run/tensor_view.hpp"

namespace ember {

struct PickleValue {
    enum class Kind : std::uint8_t {
        none,
        boolean,
        integer,
        real,
        text,
        list,
        tuple,
        dict,
        ordered_dict, ///< collections.OrderedDict
        tensor,
        numpy_text ///< numpy.str_
    };
    Kind kind = Kind::none;
    std::int64_t integer = 0; ///< value; number of a tensor's storage
    double real = 0;
    std::string text;
    std::vector<PickleValue> items;      ///< of dicts alternating key, value
    std::vector<PickleValue> attributes; ///< of an ordered_dict, alternating name, value
    ScalarType type = ScalarType::float32;
    std::vector<std::int64_t> shape; ///< of a tensor that is its whole storage, row-major

    PickleValue() = default;
    PickleValue(bool value) : kind(Kind::boolean), integer(value ? 1 : 0) {}
    template<std::integral T>
    PickleValue(T value) : kind(Kind::integer), integer(static_cast<std::int64_t>(value)) {}
    PickleValue(double value) : kind(Kind::real), real(value) {}
    PickleValue(std::string value) : kind(Kind::text), text(std::move(value)) {}
    PickleValue(const char* value) : kind(Kind::text), text(value) {}
    explicit PickleValue(const nlohmann::ordered_json& json);

    static PickleValue of_kind(Kind kind, std::vector<PickleValue> items = {});
    static PickleValue list(std::vector<PickleValue> items = {}) {
        return of_kind(Kind::list, std::move(items));
    }
    static PickleValue tuple(std::vector<PickleValue> items) {
        return of_kind(Kind::tuple, std::move(items));
    }
    static PickleValue dict() { return of_kind(Kind::dict); }
    static PickleValue ordered_dict() { return of_kind(Kind::ordered_dict); }
    static PickleValue numpy_text(std::string text);
    static PickleValue tensor(std::int64_t storage, ScalarType type, std::vector<std::int64_t> shape);

    /// Appends to a dict; the key must be new.
    PickleValue& set(PickleValue key, PickleValue value);
};

} // namespace ember

#include "core/run/pickle_value.hpp"

namespace ember {

PickleValue::PickleValue(const nlohmann::ordered_json& json) {
    switch (json.type()) {
    case nlohmann::json::value_t::boolean:
        *this = PickleValue(json.get<bool>());
        break;
    case nlohmann::json::value_t::number_integer:
    case nlohmann::json::value_t::number_unsigned:
        *this = PickleValue(json.get<std::int64_t>());
        break;
    case nlohmann::json::value_t::number_float:
        *this = PickleValue(json.get<double>());
        break;
    case nlohmann::json::value_t::string:
        *this = PickleValue(json.get<std::string>());
        break;
    case nlohmann::json::value_t::array:
        kind = Kind::list;
        for (const auto& item : json) {
            items.push_back(PickleValue(item));
        }
        break;
    case nlohmann::json::value_t::object:
        kind = Kind::dict;
        for (const auto& [key, value] : json.items()) {
            set(PickleValue(key), PickleValue(value));
        }
        break;
    default:
        break;
    }
}

PickleValue PickleValue::of_kind(Kind kind, std::vector<PickleValue> items) {
    PickleValue value;
    value.kind = kind;
    value.items = std::move(items);
    return value;
}

PickleValue PickleValue::numpy_text(std::string text) {
    PickleValue value(std::move(text));
    value.kind = Kind::numpy_text;
    return value;
}

PickleValue PickleValue::tensor(std::int64_t storage, ScalarType type, std::vector<std::int64_t> shape) {
    PickleValue value;
    value.kind = Kind::tensor;
    value.integer = storage;
    value.type = type;
    value.shape = std::move(shape);
    return value;
}

PickleValue& PickleValue::set(PickleValue key, PickleValue value) {
    items.push_back(std::move(key));
    items.push_back(std::move(value));
    return *this;
}

} // namespace ember

#include "core/experiment/config_tree.hpp"

namespace ember {

const nlohmann::json* find_value(const nlohmann::json& tree, const std::string& key) {
    const nlohmann::json* node = &tree;
    for (std::size_t begin = 0; begin <= key.size();) {
        const std::size_t end = std::min(key.find('.', begin), key.size());
        if (!node->is_object()) {
            return nullptr;
        }
        const auto found = node->find(key.substr(begin, end - begin));
        if (found == node->end()) {
            return nullptr;
        }
        node = &*found;
        begin = end + 1;
    }
    return node;
}

void put_value(nlohmann::json& tree, const std::string& key, nlohmann::json value) {
    nlohmann::json* node = &tree;
    for (std::size_t begin = 0; begin <= key.size();) {
        const std::size_t end = std::min(key.find('.', begin), key.size());
        if (!node->is_object()) {
            *node = nlohmann::json::object();
        }
        node = &(*node)[key.substr(begin, end - begin)];
        begin = end + 1;
    }
    *node = std::move(value);
}

} // namespace ember

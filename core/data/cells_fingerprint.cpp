#include "core/data/cells_fingerprint.hpp"

#include "core/base/fingerprint.hpp"

namespace ember {

std::string cells_fingerprint(const std::vector<std::string>& obs_names) {
    std::string all;
    std::size_t length = 0;
    for (const std::string& name : obs_names) {
        length += name.size() + 8;
    }
    all.reserve(length);
    for (const std::string& name : obs_names) {
        all += std::to_string(name.size());
        all += ':';
        all += name;
    }
    return std::to_string(obs_names.size()) + '-' + sha256_of_bytes(all.data(), all.size()).substr(0, 32);
}

} // namespace ember

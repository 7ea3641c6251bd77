#include "core/data/hdf5_object.hpp"

#include <algorithm>
#include <deque>
#include <string_view>

#include "core/data/object_header.hpp"

namespace ember::h5 {

namespace {

constexpr int max_soft_links = 16;
constexpr std::size_t max_members = 100'000;

void push_components(std::deque<std::string>& parts, std::string_view path) {
    std::vector<std::string> names;
    while (!path.empty()) {
        const auto slash = path.find('/');
        const auto name = path.substr(0, slash);
        if (!name.empty() && name != ".") {
            names.emplace_back(name);
        }
        path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    }
    parts.insert(parts.begin(), names.begin(), names.end());
}

Object describe(const File& file, Handle handle, const std::string& key) {
    H5O_info_t info;
    if (!handle || H5Oget_info2(handle.get(), &info, H5O_INFO_BASIC) < 0) {
        throw file.error("Corrupt", key, "The object cannot be opened: its header is damaged");
    }
    Object object;
    object.handle = std::move(handle);
    object.key = key;
    object.kind = info.type == H5O_TYPE_GROUP     ? ObjectKind::group
                  : info.type == H5O_TYPE_DATASET ? ObjectKind::dataset
                                                  : ObjectKind::other;
    object.address = info.addr;
    return object;
}

std::string soft_link_target(const File& file, hid_t group, const std::string& name, std::size_t size,
                             const std::string& key) {
    if (size > 65536) {
        throw file.error("BadLink", key, "A soft link has an absurdly long target");
    }
    std::string target(size + 1, '\0');
    if (H5Lget_val(group, name.c_str(), target.data(), target.size(), H5P_DEFAULT) < 0) {
        throw file.error("Corrupt", key, "A soft link cannot be read");
    }
    target.resize(target.find('\0'));
    return target;
}

} // namespace

std::optional<Object> find_object(const File& file, const std::string& key) {
    const Lock lock;
    std::deque<std::string> parts;
    push_components(parts, key);
    Handle current(H5Gopen2(file.id(), "/", H5P_DEFAULT));
    if (!current) {
        throw file.error("Corrupt", "/", "The root group cannot be opened");
    }
    int soft_links = 0;
    while (!parts.empty()) {
        const std::string name = parts.front();
        parts.pop_front();
        H5L_info_t link;
        if (H5Iget_type(current.get()) != H5I_GROUP ||
            H5Lexists(current.get(), name.c_str(), H5P_DEFAULT) <= 0) {
            return std::nullopt;
        }
        if (H5Lget_info(current.get(), name.c_str(), &link, H5P_DEFAULT) < 0) {
            throw file.error("Corrupt", key, "A link cannot be read");
        }
        if (link.type == H5L_TYPE_EXTERNAL) {
            throw file.error("ExternalLinkRefused", key, "'" + name + "' is a link to another file");
        }
        if (link.type == H5L_TYPE_SOFT) {
            if (++soft_links > max_soft_links) {
                throw file.error("BadLink", key, "Soft links lead in a circle");
            }
            const auto target = soft_link_target(file, current.get(), name, link.u.val_size, key);
            push_components(parts, target);
            if (target.starts_with('/')) {
                current = Handle(H5Gopen2(file.id(), "/", H5P_DEFAULT));
            }
            continue;
        }
        if (link.type != H5L_TYPE_HARD) {
            throw file.error("BadLink", key, "'" + name + "' is a link of an unknown kind");
        }
        check_object(file, link.u.address, key);
        current = Handle(H5Oopen(current.get(), name.c_str(), H5P_DEFAULT));
        if (!current) {
            throw file.error("Corrupt", key, "The object cannot be opened: its header is damaged");
        }
    }
    return describe(file, std::move(current), key);
}

Object open_object(const File& file, const std::string& key) {
    auto object = find_object(file, key);
    if (!object) {
        throw file.error("MissingMember", key, "The file has no '" + key + "'");
    }
    return std::move(*object);
}

std::vector<std::string> member_names(const File& file, const Object& group) {
    const Lock lock;
    struct Listing {
        std::vector<std::string> names;
        bool overflow = false;
    } listing;
    const auto collect = [](hid_t, const char* name, const H5L_info_t*, void* data) -> herr_t {
        auto& result = *static_cast<Listing*>(data);
        try {
            if (result.names.size() >= max_members) {
                result.overflow = true;
                return 1;
            }
            result.names.emplace_back(name);
            return 0;
        } catch (...) {
            return -1; // no exception may cross the C library
        }
    };
    if (H5Literate(group.handle.get(), H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, collect, &listing) < 0) {
        throw file.error("Corrupt", group.key, "The members of the group cannot be listed");
    }
    if (listing.overflow) {
        throw file.error("BoundedDepth", group.key,
                         "The group has more than " + std::to_string(max_members) + " members");
    }
    std::sort(listing.names.begin(), listing.names.end());
    return std::move(listing.names);
}

std::string join_key(const std::string& parent, const std::string& name) {
    return parent.empty() ? name : name.empty() ? parent : parent + "/" + name;
}

} // namespace ember::h5

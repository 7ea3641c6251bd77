#pragma once
// Finding objects in a file by path, without ever leaving the file.

#include <optional>
#include <string>
#include <vector>

#include "core/data/hdf5_file.hpp"

namespace ember::h5 {

enum class ObjectKind { group, dataset, other };

/// A group, dataset or named type, and the path it was asked for by.
struct Object {
    Handle handle;
    std::string key; ///< HDF5 path without leading slash
    ObjectKind kind = ObjectKind::other;
    std::uint64_t address = 0; ///< the same for all hard links to one object
};

/// Opens the object at `key` ("" is the root), following hard links and, up to 16 times, soft links. Throws
/// MissingMember, ExternalLinkRefused, BadLink or Corrupt.
Object open_object(const File& file, const std::string& key);

/// The same, without an object when there is none at `key`.
std::optional<Object> find_object(const File& file, const std::string& key);

/// Names of a group's members, sorted. Throws BoundedDepth beyond 100,000 members.
std::vector<std::string> member_names(const File& file, const Object& group);

/// "a/b" from "a" and "b"; "b" from "" and "b".
std::string join_key(const std::string& parent, const std::string& name);

} // namespace ember::h5

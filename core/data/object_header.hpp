#pragma once
// Object headers read without libhdf5, which trusts the sizes it finds in them:
// https://docs.hdfgroup.org/hdf5/develop/_f_m_t3.html

#include <cstdint>
#include <optional>
#include <vector>

#include "core/data/hdf5_file.hpp"

namespace ember::h5 {

struct HeaderMessage {
    int type = 0;
    bool shared = false; ///< the content is a pointer to another place
    std::vector<std::byte> bytes;
};

/// All messages of the object whose header is at `address`. Throws Corrupt or Truncated naming `key`.
std::vector<HeaderMessage> read_object_header(const File& file, std::uint64_t address,
                                              const std::string& key);

/// Throws Corrupt when libhdf5 would be led astray by the header or by the table of names of an old group.
void check_object(const File& file, std::uint64_t address, const std::string& key);

/// A text attribute of variable length as it is stored.
struct RawTexts {
    std::vector<std::byte> references; ///< 16 bytes each; see GlobalHeap
};

/// The named attribute when it is variable text that lies in the header itself.
std::optional<RawTexts> find_raw_texts(const File& file, std::uint64_t address, const char* name,
                                       const std::string& key);

} // namespace ember::h5

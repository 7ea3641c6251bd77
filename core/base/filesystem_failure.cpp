#include "core/base/filesystem_failure.hpp"

namespace ember {

void throw_filesystem_failure(const std::filesystem::filesystem_error& failure) {
    const Place place{failure.path1().string(), {}, {}};
    if (failure.code() == std::errc::no_space_on_device) {
        throw ResourceError("NoSpace", "The disk is full", place, "Free some space or choose another folder");
    }
    throw Error("CannotRead", "The path cannot be used: " + failure.code().message(), place,
                "Check the path and your permissions");
}

} // namespace ember

#include "app/cli/output.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <new>

#include "core/base/filesystem_failure.hpp"

namespace ember::cli {

namespace {

nlohmann::json as_json(const Error& error) {
    const Place& place = error.place();
    nlohmann::json where = {{"file", place.file}, {"key", place.key}, {"row", nullptr}};
    if (place.row) {
        where["row"] = *place.row;
    }
    return {{"error",
             {{"class", error.class_name()},
              {"message", error.message()},
              {"place", where},
              {"remedy", error.remedy()}}}};
}

} // namespace

void print(const std::string& text) {
    if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) {
        return;
    }
    const int reason = errno;
    if (reason == ENOSPC) {
        throw ResourceError("NoSpace", "Standard output could not be written: the disk is full", {},
                            "Free some space");
    }
    throw Error("CannotWrite", std::string("Standard output could not be written: ") + std::strerror(reason));
}

void print_json(const nlohmann::json& json) {
    print(json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

int report(const Error& error, bool json) {
    bool told = false;
    if (json) {
        try {
            print_json(as_json(error));
            told = true;
        } catch (const Error&) {
            told = false;
        }
    }
    if (!told) {
        std::fprintf(stderr, "error: %s\n", error.what());
    }
    return static_cast<int>(error.exit_status());
}

int run_and_report(const std::function<int()>& work, bool json) {
    try {
        try {
            return work();
        } catch (const std::filesystem::filesystem_error& failure) {
            throw_filesystem_failure(failure);
        }
    } catch (const Error& error) {
        return report(error, json);
    } catch (const std::bad_alloc&) {
        return report(ResourceError("NoMemory", "There is not enough memory for this", {},
                                    "Close other programs, or use a smaller file"),
                      json);
    } catch (const std::exception& error) {
        return report(Error("Internal", std::string("Unexpected failure: ") + error.what(), {},
                            "Please report this with the command that you ran"),
                      json);
    }
}

} // namespace ember::cli

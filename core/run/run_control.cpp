#include <array>
#include <string>
#include <sys/stat.h>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/base/atomic_file.hpp"
#include "core/run/file_descriptor.hpp"
#include "core/run/run_status.hpp"

namespace ember {

namespace {

constexpr const char* control_name = "control";

constexpr std::array commands{std::pair{"pause", RunCommand::pause},
                              std::pair{"proceed", RunCommand::proceed}, std::pair{"stop", RunCommand::stop}};

struct Wish {
    std::int64_t sequence = -1;
    RunCommand command = RunCommand::none;
};

Wish read_wish(const std::filesystem::path& file) {
    std::string text;
    Wish wish;
    if (!read_small_file(file, 4096, text)) {
        return wish;
    }
    const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object() || !json.contains("sequence") || !json["sequence"].is_number_integer()) {
        return wish;
    }
    wish.sequence = json["sequence"].get<std::int64_t>();
    for (const auto& [name, command] : commands) {
        if (json.contains("command") && json["command"] == name) {
            wish.command = command;
        }
    }
    return wish;
}

} // namespace

void ask_run(const std::filesystem::path& run_directory, RunCommand command) {
    nlohmann::ordered_json json;
    json["sequence"] = read_wish(run_directory / control_name).sequence + 1;
    json["command"] = "none";
    for (const auto& [name, known] : commands) {
        if (known == command) {
            json["command"] = name;
        }
    }
    write_file_atomically(run_directory / control_name, json.dump() + "\n");
}

RunControl::RunControl(std::filesystem::path run_directory)
    : file_(std::move(run_directory) / control_name) {}

RunCommand RunControl::read() {
    struct stat found {};
    if (::stat(file_.c_str(), &found) != 0) {
        // A new file counts from the beginning.
        seen_ = {};
        sequence_ = done_ = -1;
        command_ = RunCommand::none;
        return command_;
    }
    const Version version{found.st_ino, found.st_mtim.tv_sec, found.st_mtim.tv_nsec, found.st_size};
    if (version != seen_) {
        seen_ = version;
        const Wish wish = read_wish(file_);
        sequence_ = wish.sequence;
        command_ = wish.sequence > done_ ? wish.command : RunCommand::none;
    }
    return command_;
}

void RunControl::clear() {
    read();
    done_ = sequence_;
    command_ = RunCommand::none;
}

} // namespace ember

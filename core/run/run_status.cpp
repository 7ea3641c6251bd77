#include "core/run/run_status.hpp"

#include <array>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <fcntl.h>
#include <utility>

#include <nlohmann/json.hpp>

#include "core/base/atomic_file.hpp"
#include "core/base/error.hpp"
#include "core/run/file_descriptor.hpp"
#include "core/run/this_machine.hpp"

namespace ember {

namespace {

using nlohmann::json;

constexpr const char* status_name = "status.json";
constexpr int schema_version = 1;
constexpr std::size_t most_bytes = std::size_t{4} << 20;
constexpr std::chrono::minutes silence_of_another_host{5};

constexpr std::array states{
    std::pair{RunState::queued, "queued"},     std::pair{RunState::preparing, "preparing"},
    std::pair{RunState::running, "running"},   std::pair{RunState::paused, "paused"},
    std::pair{RunState::stopping, "stopping"}, std::pair{RunState::finished, "finished"},
    std::pair{RunState::stopped, "stopped"},   std::pair{RunState::failed, "failed"},
};

/// One place that names the fields, for writing and for reading.
template<typename Status, typename Visitor>
void visit_fields(Status& status, Visitor&& visit) {
    visit("name", status.name);
    visit("pid", status.pid);
    visit("host", status.host);
    visit("started", status.started);
    visit("updated", status.updated);
    visit("step", status.step);
    visit("max_steps", status.max_steps);
    visit("epoch", status.epoch);
    visit("checkpoint_step", status.checkpoint_step);
    visit("train_loss", status.train_loss);
    visit("val_loss", status.val_loss);
    visit("best_val_loss", status.best_val_loss);
    visit("best_step", status.best_step);
    visit("steps_per_second", status.steps_per_second);
    visit("cells_per_second", status.cells_per_second);
    visit("seconds_left", status.seconds_left);
    visit("waiting_share", status.waiting_share);
    visit("memory_bytes", status.memory_bytes);
    visit("rollbacks", status.rollbacks);
    visit("message", status.message);
    visit("error_class", status.error_class);
    visit("error_place", status.error_place);
    visit("error_remedy", status.error_remedy);
    visit("warnings", status.warnings);
}

struct FieldWriter {
    nlohmann::ordered_json& object;
    template<typename T>
    void operator()(const char* key, const T& value) const {
        object[key] = value;
    }
    void operator()(const char* key, const std::optional<double>& value) const {
        object[key] = value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr);
    }
};

/// Takes a field when it is there and of the right kind.
struct FieldReader {
    const json& object;
    void operator()(const char* key, std::string& value) const { take(key, &json::is_string, value); }
    void operator()(const char* key, double& value) const { take(key, &json::is_number, value); }
    template<std::integral T>
    void operator()(const char* key, T& value) const {
        take(key, &json::is_number_integer, value);
    }
    void operator()(const char* key, std::optional<double>& value) const {
        const auto found = object.find(key);
        if (found != object.end() && found->is_number()) {
            value = found->get<double>();
        }
    }
    void operator()(const char* key, std::vector<std::string>& values) const {
        const auto found = object.find(key);
        if (found == object.end() || !found->is_array()) {
            return;
        }
        for (const json& value : *found) {
            if (value.is_string()) {
                values.push_back(value.get<std::string>());
            }
        }
    }

private:
    template<typename T>
    void take(const char* key, bool (json::*is_kind)() const noexcept, T& value) const {
        const auto found = object.find(key);
        if (found != object.end() && ((*found).*is_kind)()) {
            value = found->get<T>();
        }
    }
};

[[noreturn]] void bad_status(const std::filesystem::path& file, const std::string& what) {
    throw Error("BadStatus", what, {file.string(), {}, {}},
                "The run itself is not touched by this: remove the file and resume the run");
}

RunStatus parse_status(const std::string& text, const std::filesystem::path& file) {
    const json object = json::parse(text, nullptr, false);
    if (!object.is_object() || !object.contains("version") || !object["version"].is_number_integer()) {
        bad_status(file, "The run's status file is damaged");
    }
    if (object["version"].get<std::int64_t>() > schema_version) {
        throw Error("NewerVersion", "The run's status was written by a newer program",
                    {file.string(), "version", {}}, "Update this program");
    }
    RunStatus status;
    visit_fields(status, FieldReader{object});
    for (const auto& [state, name] : states) {
        if (object.contains("state") && object["state"] == name) {
            status.state = state;
            return status;
        }
    }
    bad_status(file, "The run's status file names no known state");
}

bool is_alive(std::int64_t pid) {
    return pid > 0 && (::kill(static_cast<pid_t>(pid), 0) == 0 || errno == EPERM);
}

bool is_gone(const RunStatus& status, const std::filesystem::path& run_directory) {
    const bool locked = is_run_locked(run_directory);
    if (status.host == host_name()) {
        const bool needs_lock = status.state != RunState::queued;
        return !is_alive(status.pid) || (needs_lock && !locked);
    }
    const auto heartbeat = time_of_utc(status.updated);
    return !locked && heartbeat && std::chrono::system_clock::now() - *heartbeat > silence_of_another_host;
}

} // namespace

const char* to_string(RunState state) noexcept {
    for (const auto& [known, name] : states) {
        if (known == state) {
            return name;
        }
    }
    return "unknown";
}

bool is_active(RunState state) noexcept {
    return state != RunState::finished && state != RunState::stopped && state != RunState::failed;
}

void write_run_status(const std::filesystem::path& run_directory, const RunStatus& status) {
    nlohmann::ordered_json object;
    object["version"] = schema_version;
    object["state"] = to_string(status.state);
    visit_fields(status, FieldWriter{object});
    const std::string text = object.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
    AtomicFile file(run_directory / status_name);
    {
        const FileDescriptor opened = FileDescriptor::open_to_write(file.temporary(), O_WRONLY | O_TRUNC);
        write_all(opened.get(), text, file.target());
    }
    if (is_active(status.state)) {
        file.place();
    } else {
        file.commit();
    }
}

std::optional<RunStatus> read_run_status(const std::filesystem::path& run_directory) {
    const std::filesystem::path file = run_directory / status_name;
    const auto load = [&]() -> std::optional<RunStatus> {
        std::string text;
        if (!read_small_file(file, most_bytes, text)) {
            return std::nullopt;
        }
        return parse_status(text, file);
    };
    std::optional<RunStatus> status = load();
    if (!status || !is_active(status->state) || !is_gone(*status, run_directory)) {
        return status;
    }
    // It may have ended, and said so, between the two looks.
    status = load();
    if (status && is_active(status->state)) {
        status->message =
            std::string("The process ended without a word while the run was ") + to_string(status->state);
        status->state = RunState::failed;
        status->error_class = "Interrupted";
        status->error_place = run_directory.string();
        status->error_remedy = "Resume the run: it goes on from its last checkpoint";
    }
    return status;
}

} // namespace ember

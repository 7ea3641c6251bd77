#include "core/run/run_queue.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <optional>
#include <thread>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "core/base/error.hpp"
#include "core/run/file_descriptor.hpp"
#include "core/run/this_machine.hpp"
#include "core/run/whole_file_lock.hpp"

namespace ember {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view extension = ".ticket";
constexpr auto look_every = std::chrono::milliseconds(250), cancel_every = std::chrono::milliseconds(25);

fs::path queue_folder() {
    const char* const state = std::getenv("XDG_STATE_HOME");
    if (state != nullptr && *state == '/') {
        return fs::path(state) / "emberview" / "queue";
    }
    const char* const home = std::getenv("HOME");
    const fs::path base = home != nullptr && *home != '\0' ? fs::path(home) : fs::temp_directory_path();
    return base / ".local" / "state" / "emberview" / "queue";
}

struct Ticket {
    std::int64_t number = 0;
    fs::path file;
};

/// All ticket files, by number; dead ones among them.
std::vector<Ticket> tickets(const fs::path& folder) {
    std::vector<Ticket> found;
    std::error_code failure;
    fs::directory_iterator entry(folder, failure);
    for (; !failure && entry != fs::directory_iterator(); entry.increment(failure)) {
        const std::string name = entry->path().filename().string();
        Ticket ticket{0, entry->path()};
        const auto [end, wrong] = std::from_chars(name.data(), name.data() + name.size(), ticket.number);
        if (wrong == std::errc() && std::string_view(end, name.data() + name.size()) == extension) {
            found.push_back(std::move(ticket));
        }
    }
    std::sort(found.begin(), found.end(),
              [](const Ticket& a, const Ticket& b) { return a.number < b.number; });
    return found;
}

/// What a ticket says, when its process holds it and is of this machine.
std::optional<QueuedRun> live_run(const fs::path& file) {
    const FileDescriptor opened = FileDescriptor::open(file, O_RDONLY);
    std::string text;
    if (!opened.valid() || !is_whole_file_locked(opened.get()) || !read_small_file(file, 1 << 16, text)) {
        return std::nullopt;
    }
    try {
        const nlohmann::json json = nlohmann::json::parse(text);
        if (json.at("host") != host_name()) {
            return std::nullopt;
        }
        return QueuedRun{json.at("run_directory").get<std::string>(), json.at("pid").get<std::int64_t>(),
                         json.at("since").get<std::string>()};
    } catch (const nlohmann::json::exception&) {
        return std::nullopt;
    }
}

/// While it lives, no ticket is made or thrown away by others.
FileDescriptor enter(const fs::path& folder) {
    fs::create_directories(folder);
    FileDescriptor door = FileDescriptor::open_to_write(folder / "door", O_RDWR | O_CREAT);
    if (!lock_whole_file(door.get(), true)) {
        throw_write_error(folder / "door");
    }
    return door;
}

/// Throws tickets away whose process is gone; the next number.
std::int64_t next_number(const fs::path& folder) {
    std::int64_t number = 1;
    for (const Ticket& ticket : tickets(folder)) {
        const FileDescriptor opened = FileDescriptor::open(ticket.file, O_RDONLY);
        if (opened.valid() && !is_whole_file_locked(opened.get())) {
            ::unlink(ticket.file.c_str());
        } else {
            number = ticket.number + 1;
        }
    }
    return number;
}

std::string file_name(std::int64_t number) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%012lld", static_cast<long long>(number));
    return std::string(text.data()).append(extension);
}

} // namespace

QueueTicket::QueueTicket(const fs::path& run_directory) : control_(run_directory) {
    control_.clear();
    const fs::path folder = queue_folder();
    const FileDescriptor door = enter(folder);
    file_ = folder / file_name(next_number(folder));
    FileDescriptor ticket = FileDescriptor::open_to_write(file_, O_RDWR | O_CREAT | O_EXCL);
    nlohmann::ordered_json json;
    json["run_directory"] = fs::absolute(run_directory).string();
    json["pid"] = ::getpid();
    json["host"] = host_name();
    json["since"] = utc_text();
    try {
        if (!lock_whole_file(ticket.get(), false)) {
            throw_write_error(file_);
        }
        write_all(ticket.get(), json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n",
                  file_);
    } catch (...) {
        ::unlink(file_.c_str());
        throw;
    }
    descriptor_ = ticket.release();
}

QueueTicket::~QueueTicket() {
    ::unlink(file_.c_str());
    ::close(descriptor_);
}

std::size_t QueueTicket::ahead() const {
    std::size_t count = 0;
    for (const Ticket& ticket : tickets(file_.parent_path())) {
        if (ticket.file.filename() == file_.filename()) {
            break;
        }
        count += live_run(ticket.file) ? 1 : 0;
    }
    return count;
}

void QueueTicket::wait(JobContext& job) {
    const auto check = [&] {
        job.check_cancelled();
        if (control_.read() == RunCommand::stop) {
            throw Cancelled();
        }
    };
    check();
    if (ahead() == 0) {
        return;
    }
    job.begin("Waiting for earlier runs", 0, "runs");
    do {
        for (auto waited = cancel_every; waited < look_every; waited += cancel_every) {
            check();
            std::this_thread::sleep_for(cancel_every);
        }
    } while (ahead() > 0);
}

std::vector<QueuedRun> queued_runs() {
    std::vector<QueuedRun> runs;
    for (const Ticket& ticket : tickets(queue_folder())) {
        if (auto run = live_run(ticket.file)) {
            runs.push_back(std::move(*run));
        }
    }
    return runs;
}

void check_run_is_free(const fs::path& run_directory) {
    if (is_run_locked(run_directory)) {
        throw_run_busy(run_directory);
    }
    std::error_code failure;
    const fs::path asked = fs::weakly_canonical(fs::absolute(run_directory, failure), failure);
    for (const QueuedRun& run : queued_runs()) {
        if (run.pid != ::getpid() && fs::weakly_canonical(run.run_directory, failure) == asked) {
            throw Error("RunBusy",
                        "This run waits in the queue already (process " + std::to_string(run.pid) + ")",
                        {run_directory.string(), "", {}}, "Wait for it, or stop it first");
        }
    }
}

} // namespace ember

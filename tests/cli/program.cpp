#include "program.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace ember::test {

namespace fs = std::filesystem;

namespace {

std::string program() {
    const char* bin = std::getenv("EMBER_BIN");
    const fs::path beside = fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "bin";
    return ((bin ? fs::path(bin) : beside) / "emberview-cli").string();
}

/// What the program writes, beside its folder: the folder itself stays as the program leaves it.
std::string stream_file(const fs::path& folder, const char* stream) {
    return folder.string() + stream;
}

} // namespace

nlohmann::json Outcome::json() const {
    const auto parsed = nlohmann::json::parse(out, nullptr, false);
    EXPECT_FALSE(parsed.is_discarded()) << "not JSON: " << out.substr(0, 400) << "\nerror: " << err;
    return parsed.is_discarded() ? nlohmann::json() : parsed;
}

std::string Outcome::error_class() const {
    const nlohmann::json parsed = json();
    return parsed.is_object() && parsed.contains("error") ? parsed["error"]["class"].get<std::string>() : "";
}

void CliTest::SetUp() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    std::string name = std::string(test->test_suite_name()) + "." + test->name();
    std::replace(name.begin(), name.end(), '/', '.');
    folder = fs::path(testing::TempDir()) / (name + "." + std::to_string(getpid()));
    fs::remove_all(folder);
    fs::create_directories(folder);
}

void CliTest::TearDown() {
    fs::remove_all(folder);
    fs::remove(stream_file(folder, ".out"));
    fs::remove(stream_file(folder, ".err"));
}

pid_t CliTest::start(const std::vector<std::string>& arguments) const {
    std::vector<std::string> words = {program()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& word : words) {
        argv.push_back(word.data());
    }
    argv.push_back(nullptr);

    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    constexpr int flags = O_WRONLY | O_CREAT | O_TRUNC;
    const std::string out = standard_output.empty() ? stream_file(folder, ".out") : standard_output;
    const std::string err = standard_error.empty() ? stream_file(folder, ".err") : standard_error;
    posix_spawn_file_actions_addopen(&files, 1, out.c_str(), flags, 0600);
    posix_spawn_file_actions_addopen(&files, 2, err.c_str(), flags, 0600);
    // A test started in the background may have inherited an ignored SIGINT.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGINT);
    sigaddset(&defaults, SIGTERM);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    pid_t process = -1;
    const int failure = posix_spawn(&process, argv[0], &files, &attributes, argv.data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    EXPECT_EQ(failure, 0) << "cannot start " << argv[0];
    return failure == 0 ? process : -1;
}

Outcome CliTest::end_of(pid_t process) const {
    Outcome outcome;
    int status = 0;
    rusage usage{};
    if (process > 0 && wait4(process, &status, 0, &usage) == process) {
        outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        outcome.peak_kib = usage.ru_maxrss;
        outcome.out = content_of(stream_file(folder, ".out"));
        outcome.err = content_of(stream_file(folder, ".err"));
    }
    return outcome;
}

Outcome CliTest::run(const std::vector<std::string>& arguments) const {
    const auto begin = std::chrono::steady_clock::now();
    Outcome outcome = end_of(start(arguments));
    outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return outcome;
}

std::string content_of(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) {
        ++count;
    }
    return count;
}

std::vector<std::string> entries_of(const fs::path& folder) {
    std::vector<std::string> names;
    if (fs::is_directory(folder)) {
        for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
            names.push_back(entry.path().filename().string());
        }
    }
    std::sort(names.begin(), names.end());
    return names;
}

} // namespace ember::test

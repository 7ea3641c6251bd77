// Trains in a process of its own, so that tests can kill it: CONFIG.json RUN_DIRECTORY [resume] [file size
// limit].

#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include <sys/resource.h>

#include "core/base/engine.hpp"
#include "core/base/error.hpp"

int main(int argc, char** argv) {
    if (argc < 3) {
        return 2;
    }
    if (argc > 4) { // larger files cannot be written, as on a full disk
        std::signal(SIGXFSZ, SIG_IGN);
        const rlim_t bytes = std::stoull(argv[4]);
        const rlimit limit{bytes, bytes};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    try {
        std::ifstream file(argv[1]);
        ember::TrainRequest request;
        request.config.assign(std::istreambuf_iterator<char>(file), {});
        request.run_directory = argv[2];
        request.resume = argc > 3 && std::string(argv[3]) == "resume";
        request.threads = 1;
        ember::JobContext job;
        ember::engine().train(request, job);
        return 0;
    } catch (const ember::Error& error) {
        std::fprintf(stderr, "%s: %s\n", error.class_name().c_str(), error.what());
        return static_cast<int>(error.exit_status());
    }
}

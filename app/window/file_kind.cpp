#include "app/window/file_kind.hpp"

#include <array>
#include <cstring>
#include <fstream>

#include "core/base/error.hpp"
#include "core/run/run_directory.hpp"

namespace ember {

namespace {

namespace fs = std::filesystem;

/// Zip (PyTorch) or the length and opening brace of a safetensors header.
bool looksLikeCheckpoint(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::array<char, 9> head{};
    stream.read(head.data(), head.size());
    if (stream.gcount() < 4) {
        return false;
    }
    const bool zip = std::memcmp(head.data(), "PK\x03\x04", 4) == 0;
    const auto extension = file.extension();
    const bool named = extension == ".ckpt" || extension == ".pt" || extension == ".pth" ||
                       extension == ".safetensors" || extension == ".torch";
    return named || (zip && extension != ".h5ad" && extension != ".h5") ||
           (stream.gcount() == 9 && head[8] == '{' && head[7] == 0 && head[6] == 0);
}

fs::path runDirectoryAround(const fs::path& checkpoint) {
    fs::path folder = fs::absolute(checkpoint).parent_path();
    for (int up = 0; up < 2 && !folder.empty(); ++up, folder = folder.parent_path()) {
        if (is_run_directory(folder)) {
            return folder;
        }
    }
    return {};
}

} // namespace

FileIdentity identifyFile(const fs::path& path) {
    std::error_code fault;
    const fs::file_status status = fs::status(path, fault);
    if (!fs::exists(status)) {
        throw Error("MissingFile", "There is no such file", {path.string(), {}, {}},
                    "Check whether it was moved, renamed or is on a drive that is not connected");
    }
    if (fs::is_directory(status)) {
        if (!is_run_directory(path)) {
            throw Error("NotARunDirectory",
                        "The folder is not an ST run directory: it has no config.yaml "
                        "with a perturbation map or checkpoints beside it",
                        {path.string(), {}, {}}, "Choose the folder that holds config.yaml and checkpoints/");
        }
        return {FileKind::run_directory, path};
    }
    if (!looksLikeCheckpoint(path)) {
        return {FileKind::data, path};
    }
    if (fs::path run = runDirectoryAround(path); !run.empty()) {
        return {FileKind::run_directory, run};
    }
    return {FileKind::checkpoint, path};
}

} // namespace ember

#include "core/genes/gene_resources.hpp"

#include <array>
#include <cstdlib>
#include <memory>
#include <vector>

#include <zlib.h>

#include "core/base/error.hpp"

namespace ember {

namespace fs = std::filesystem;

namespace {

/// A file that every copy of the folder has.
constexpr const char* mark = "mouse_human_orthologs.tsv.gz";

struct CloseGzip {
    void operator()(gzFile_s* file) const noexcept { gzclose_r(file); }
};

} // namespace

fs::path bundled_genes() {
    std::vector<fs::path> places;
    if (const char* path = std::getenv("EMBER_GENES"); path && *path) {
        places.emplace_back(path);
    }
    std::error_code ignored;
    places.push_back(fs::read_symlink("/proc/self/exe", ignored).parent_path().parent_path() /
                     "share/emberview/genes");
    places.emplace_back(EMBER_GENES_SOURCE);
    for (const fs::path& place : places) {
        if (fs::exists(place / mark, ignored)) {
            return place;
        }
    }
    throw Error("GeneSetsMissing", "The bundled gene sets are not beside the program",
                {(places.end() - 2)->string(), {}, {}},
                "Reinstall Emberview, or set EMBER_GENES to their folder");
}

std::string read_text_file(const fs::path& file, std::size_t most_bytes) {
    std::error_code failure;
    if (!fs::is_regular_file(file, failure)) {
        throw Error("CannotRead", fs::exists(file, failure) ? "This is not a file" : "There is no such file",
                    {file.string(), {}, {}}, "Check the path");
    }
    const std::unique_ptr<gzFile_s, CloseGzip> stream(gzopen(file.c_str(), "rb"));
    if (!stream) {
        throw Error("CannotRead", "The file cannot be read", {file.string(), {}, {}},
                    "Check its permissions");
    }
    std::string text;
    std::array<char, 1 << 16> buffer{};
    int count = 0;
    while ((count = gzread(stream.get(), buffer.data(), buffer.size())) > 0) {
        text.append(buffer.data(), static_cast<std::size_t>(count));
        if (text.size() > most_bytes) {
            throw Error("TooLarge", "The file holds more text than is read", {file.string(), {}, {}},
                        "Check that it is the right file");
        }
    }
    int state = Z_OK;
    gzerror(stream.get(), &state);
    // A cut file ends with Z_BUF_ERROR, which gzread itself does not report.
    if (count < 0 || (state != Z_OK && state != Z_STREAM_END)) {
        throw Error("Corrupt", "The compressed file is damaged or cut off", {file.string(), {}, {}},
                    "Fetch it again");
    }
    return text;
}

} // namespace ember

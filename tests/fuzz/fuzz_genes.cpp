// libFuzzer: gene sets, tables of differential expression, lists of genes and hold-out files from arbitrary
// bytes. The first byte of an input chooses the reader.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

#include "core/base/error.hpp"
#include "core/genes/gene_lists.hpp"
#include "core/genes/gene_sets.hpp"
#include "core/run/held_out.hpp"

namespace {

/// A file in memory: the readers take paths, and inflate what begins like gzip.
class MemoryFile {
public:
    MemoryFile(const std::uint8_t* data, std::size_t size) : file_(memfd_create("fuzz", 0)) {
        while (size > 0) {
            const ssize_t written = write(file_, data, size);
            if (written <= 0) {
                break;
            }
            data += written;
            size -= static_cast<std::size_t>(written);
        }
    }
    ~MemoryFile() { close(file_); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    std::filesystem::path path() const { return "/proc/self/fd/" + std::to_string(file_); }

private:
    int file_;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const MemoryFile file(data + 1, size - 1);
    try {
        switch (data[0] % 4) {
        case 0:
            ember::read_gmt(file.path());
            break;
        case 1:
            for (const ember::GeneComparison& comparison : ember::read_differential_csv(file.path())) {
                ember::changed_genes(comparison, 0.05, 1, ember::Direction::both);
            }
            break;
        case 2:
            ember::read_gene_list(file.path());
            break;
        default:
            ember::parse_held_out(std::string(reinterpret_cast<const char*>(data + 1), size - 1));
        }
    } catch (const ember::Error&) {
        // A refusal is the expected answer to most inputs.
    }
    return 0;
}

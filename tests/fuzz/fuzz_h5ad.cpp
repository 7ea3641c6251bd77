// Any bytes as a data file: opened, inspected and read whole. Every outcome but an ember::Error is a finding.

#include <cstddef>
#include <cstdint>

#include "core/data/anndata_file.hpp"
#include "core/data/inspect.hpp"

namespace {

constexpr std::size_t largest_input = 4 << 20;

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ember;
    if (size > largest_input) {
        return -1;
    }
    try {
        const h5::AnnDataFile file(h5::File::open_image({data, data + size}, "fuzz.h5ad"));
        JobContext job;
        inspect_anndata(file, true, job);
    } catch (const Error&) {
        return 0;
    }
    return 0;
}

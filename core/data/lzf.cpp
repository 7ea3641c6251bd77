#include "core/data/lzf.hpp"

#include <cstring>

namespace ember::h5 {

// A control byte below 32 starts that many literals plus one. Otherwise its upper three bits are the length
// of a copy minus 2 (7: one more length byte follows), its lower five and the next byte the distance minus 1.
std::size_t lzf_decompress(std::span<const std::byte> in, std::span<std::byte> out) noexcept {
    std::size_t read = 0, written = 0;
    const auto next = [&] { return std::to_integer<std::size_t>(in[read++]); };
    while (read < in.size()) {
        const std::size_t control = next();
        if (control < 32) {
            const std::size_t count = control + 1;
            if (count > in.size() - read || count > out.size() - written) {
                return 0;
            }
            std::memcpy(out.data() + written, in.data() + read, count);
            read += count;
            written += count;
            continue;
        }
        std::size_t count = control >> 5;
        if (in.size() - read < (count == 7 ? 2U : 1U)) {
            return 0;
        }
        if (count == 7) {
            count += next();
        }
        count += 2;
        const std::size_t distance = ((control & 31) << 8 | next()) + 1;
        if (distance > written || count > out.size() - written) {
            return 0;
        }
        for (std::size_t i = 0; i < count; ++i, ++written) { // source and target may overlap
            out[written] = out[written - distance];
        }
    }
    return written;
}

} // namespace ember::h5

#include "views/selection_delta.hpp"

namespace ember {

SelectionDelta::SelectionDelta(const CellSelection& before, const CellSelection& after) {
    const auto old = before.words(), now = after.words();
    for (std::size_t w = 0; w < old.size(); ++w) {
        const std::uint64_t flips = old[w] ^ now[w];
        if (flips == 0) {
            continue;
        }
        if (!runs_.empty() && runs_.back().first + runs_.back().length == w) {
            ++runs_.back().length;
        } else {
            runs_.push_back({static_cast<std::uint32_t>(w), 1});
        }
        flips_.push_back(flips);
    }
    runs_.shrink_to_fit();
    flips_.shrink_to_fit();
}

void SelectionDelta::toggle(CellSelection& selection) const {
    const auto words = selection.writable_words();
    auto flips = flips_.begin();
    for (const Run& run : runs_) {
        for (std::uint32_t w = 0; w < run.length; ++w) {
            words[run.first + w] ^= *flips++;
        }
    }
}

} // namespace ember

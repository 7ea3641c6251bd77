#include "core/experiment/control_pools.hpp"

#include "core/base/nearest_names.hpp"

namespace ember {

ControlPools::ControlPools(const RunCells& cells, ControlPairing pairing) : cells_(cells) {
    for (std::size_t f = 0; f < cells.files.size(); ++f) {
        const auto file = static_cast<std::int64_t>(f);
        const RunFile& part = cells.files[f];
        for (std::uint32_t cell = part.first_cell; cell < part.first_cell + part.cells; ++cell) {
            const std::int32_t type = cells.cell_type[cell], batch = cells.batch[cell];
            if (cells.perturbation[cell] != cells.control || type < 0 || batch < 0) {
                continue;
            }
            if (pairing == ControlPairing::batch) {
                controls_[{file, type, batch}].push_back(cell);
            }
            for (const Key& key :
                 {Key{file, type, -1}, Key{-1, type, -1}, Key{file, -1, -1}, Key{-1, -1, -1}}) {
                controls_[key].push_back(cell);
            }
        }
    }
}

std::uint32_t ControlPools::pool_of(const CellGroup& group) {
    const std::int64_t file = group.file;
    const std::int32_t type = group.cell_type;
    for (const Key& key : {Key{file, type, group.batch}, Key{file, type, -1}, Key{-1, type, -1},
                           Key{file, -1, -1}, Key{-1, -1, -1}}) {
        const auto found = controls_.find(key);
        if (found == controls_.end()) {
            continue;
        }
        if (std::get<1>(key) < 0) {
            without_.insert(type);
        }
        const auto [entry, fresh] = made_.try_emplace(key, static_cast<std::uint32_t>(pools_.size()));
        if (fresh) {
            pools_.push_back(found->second);
        }
        return entry->second;
    }
    return 0; // no control at all: an error of the labels
}

std::vector<std::vector<std::uint32_t>> ControlPools::take(std::vector<std::string>& warnings) {
    if (!without_.empty()) {
        std::vector<std::string> names;
        for (const std::int32_t type : without_) {
            names.push_back(cells_.cell_types[static_cast<std::size_t>(type)]);
        }
        warnings.push_back("Without control cells, paired with the controls of other cell types: " +
                           quoted_list(names));
    }
    return std::move(pools_);
}

} // namespace ember

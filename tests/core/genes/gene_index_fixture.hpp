#pragma once
// A file with one matrix, and a cache folder of its own.

#include <cstdlib>
#include <memory>
#include <vector>

#include "core/data/anndata.hpp"
#include "core/genes/gene_index.hpp"
#include "tests/core/data/hdf5_fixture.hpp"

namespace ember::test {

class IndexedFile {
public:
    IndexedFile(std::uint64_t cells, std::uint64_t genes, const Storage& storage, unsigned seed = 1)
        : values(random_matrix(cells, genes, seed)) {
        ::setenv("XDG_CACHE_HOME", (folder / "cache").c_str(), 1);
        {
            const FileBuilder builder(folder / "cells.h5ad");
            builder.tables(cells, genes);
            builder.matrix("X", values, cells, genes, storage);
        }
        open();
    }
    void open() { data = AnnData::open(folder / "cells.h5ad"); }

    /// The index's file; empty when there is none.
    std::filesystem::path index_file() const {
        if (std::filesystem::exists(gene_index_folder())) {
            for (const auto& entry : std::filesystem::directory_iterator(gene_index_folder())) {
                if (entry.path().extension() == ".genes") {
                    return entry.path();
                }
            }
        }
        return {};
    }
    std::vector<float> column(std::uint64_t gene) const {
        std::vector<float> out;
        for (std::uint64_t cell = 0; cell < data->n_obs(); ++cell) {
            out.push_back(values[cell * data->n_vars() + gene]);
        }
        return out;
    }

    TemporaryFolder folder;
    std::vector<float> values; ///< [cells × genes]
    AnnDataPtr data;
    MatrixSource x;
};

} // namespace ember::test

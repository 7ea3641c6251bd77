// Any gene over all cells: making the index, and reading genes with and without it.
// usage: index_bench make FILE [CELLS [GENES [PER_CELL]]]   a CSR float32 file, by default 57,298 × 20,000
// with
//                                                          2,000 values per cell (115 million)
//        index_bench index FILE FOLDER [ROUNDS]   builds the index in FOLDER (emptied), then reads random
//        genes index_bench pass FILE [ROUNDS]           reads random genes without an index
// Prints one JSON object; times in seconds, of genes in ms.

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include <hdf5.h>
#include <nlohmann/json.hpp>

#include "core/base/error.hpp"
#include "core/data/anndata.hpp"
#include "core/genes/gene_index.hpp"

namespace {

using namespace ember;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

double peak_mb() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:")) {
            return std::stod(line.substr(6)) / 1024;
        }
    }
    return 0;
}

void text_attribute(hid_t object, const char* name, const char* value) {
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    const hid_t space = H5Screate(H5S_SCALAR);
    const hid_t attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
    H5Awrite(attribute, type, &value);
    H5Aclose(attribute);
    H5Sclose(space);
    H5Tclose(type);
}

/// obs or var with an index of names.
void table(hid_t file, const char* name, const char* prefix, std::size_t rows) {
    const hid_t group = H5Gcreate2(file, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    text_attribute(group, "encoding-type", "dataframe");
    text_attribute(group, "encoding-version", "0.2.0");
    text_attribute(group, "_index", "_index");
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    std::vector<std::string> texts;
    std::vector<const char*> pointers;
    for (std::size_t i = 0; i < rows; ++i) {
        texts.push_back(prefix + std::to_string(i));
    }
    for (const std::string& text : texts) {
        pointers.push_back(text.c_str());
    }
    const hsize_t count = rows;
    const hid_t space = H5Screate_simple(1, &count, nullptr);
    const hid_t data = H5Dcreate2(group, "_index", type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    H5Dwrite(data, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data());
    text_attribute(data, "encoding-type", "string-array");
    H5Dclose(data);
    H5Sclose(space);
    H5Tclose(type);
    const hsize_t none = 0;
    const hid_t empty = H5Screate_simple(1, &none, nullptr);
    const hid_t text = H5Tcopy(H5T_C_S1);
    H5Tset_size(text, H5T_VARIABLE);
    const hid_t order = H5Acreate2(group, "column-order", text, empty, H5P_DEFAULT, H5P_DEFAULT);
    H5Aclose(order);
    H5Tclose(text);
    H5Sclose(empty);
    H5Gclose(group);
}

hid_t array(hid_t group, const char* name, hid_t type, hsize_t count) {
    constexpr hsize_t chunk = 1 << 18;
    const hsize_t part = std::min(chunk, count);
    const hid_t space = H5Screate_simple(1, &count, nullptr);
    const hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_chunk(list, 1, &part);
    const hid_t data = H5Dcreate2(group, name, type, space, H5P_DEFAULT, list, H5P_DEFAULT);
    H5Pclose(list);
    H5Sclose(space);
    return data;
}

template<typename T>
void append(hid_t data, hid_t type, hsize_t at, const std::vector<T>& values) {
    const hsize_t count = values.size();
    const hid_t file = H5Dget_space(data), memory = H5Screate_simple(1, &count, nullptr);
    H5Sselect_hyperslab(file, H5S_SELECT_SET, &at, nullptr, &count, nullptr);
    H5Dwrite(data, type, memory, file, H5P_DEFAULT, values.data());
    H5Sclose(memory);
    H5Sclose(file);
}

/// Genes are as unequal as measured ones: some are in most cells, most in few.
void make(const std::string& path, std::size_t cells, std::size_t genes, std::size_t per_cell) {
    const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    text_attribute(file, "encoding-type", "anndata");
    text_attribute(file, "encoding-version", "0.1.0");
    table(file, "obs", "cell", cells);
    table(file, "var", "G", genes);
    const hid_t x = H5Gcreate2(file, "X", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    text_attribute(x, "encoding-type", "csr_matrix");
    text_attribute(x, "encoding-version", "0.1.0");
    const std::int64_t shape[] = {static_cast<std::int64_t>(cells), static_cast<std::int64_t>(genes)};
    const hsize_t two = 2;
    const hid_t space = H5Screate_simple(1, &two, nullptr);
    const hid_t attribute = H5Acreate2(x, "shape", H5T_STD_I64LE, space, H5P_DEFAULT, H5P_DEFAULT);
    H5Awrite(attribute, H5T_NATIVE_INT64, shape);
    H5Aclose(attribute);
    H5Sclose(space);
    std::mt19937 random(1);
    std::uniform_real_distribution<double> share(0, 1);
    std::exponential_distribution<float> expression(1.2F);
    std::vector<double> chance(genes);
    double sum = 0;
    for (std::size_t gene = 0; gene < genes; ++gene) {
        chance[gene] = std::min(0.95, 0.02 / (0.01 + share(random)));
        sum += chance[gene];
    }
    const double scale = static_cast<double>(per_cell) / sum;
    std::vector<std::int32_t> indices;
    std::vector<float> values;
    std::vector<std::int64_t> starts{0};
    const hsize_t room = static_cast<hsize_t>(cells) * per_cell;
    const hid_t column = array(x, "indices", H5T_STD_I32LE, room),
                data = array(x, "data", H5T_IEEE_F32LE, room);
    hsize_t written = 0;
    for (std::size_t cell = 0; cell < cells; ++cell) {
        std::size_t taken = 0;
        for (std::size_t gene = 0; gene < genes && taken < per_cell; ++gene) {
            const bool must = genes - gene == per_cell - taken;
            if (must || static_cast<double>(random()) < chance[gene] * scale * 4294967296.0) {
                indices.push_back(static_cast<std::int32_t>(gene));
                values.push_back(expression(random) + 0.1F);
                ++taken;
            }
        }
        starts.push_back(starts.back() + static_cast<std::int64_t>(taken));
        if (indices.size() > (1U << 22) || cell + 1 == cells) {
            append(column, H5T_NATIVE_INT32, written, indices);
            append(data, H5T_NATIVE_FLOAT, written, values);
            written += indices.size();
            indices.clear();
            values.clear();
        }
    }
    const hid_t pointers = array(x, "indptr", H5T_STD_I64LE, starts.size());
    append(pointers, H5T_NATIVE_INT64, 0, starts);
    for (const hid_t each : {column, data, pointers}) {
        H5Dclose(each);
    }
    H5Gclose(x);
    H5Fclose(file);
}

template<typename Read>
nlohmann::json time_genes(std::uint64_t genes, int rounds, Read read) {
    std::mt19937 random(7);
    std::vector<double> times;
    double checksum = 0;
    for (int round = 0; round < rounds; ++round) {
        const auto start = Clock::now();
        const std::vector<float> values = read(random() % genes);
        times.push_back(1000 * seconds_since(start));
        checksum += values[values.size() / 2];
    }
    std::sort(times.begin(), times.end());
    const auto at = [&](double part) {
        return times[static_cast<std::size_t>(part * static_cast<double>(times.size() - 1))];
    };
    return {{"p50_ms", at(0.5)}, {"p95_ms", at(0.95)}, {"most_ms", times.back()}, {"checksum", checksum}};
}

nlohmann::json index(const std::string& file, const std::string& folder, int rounds) {
    ::setenv("XDG_CACHE_HOME", folder.c_str(), 1);
    std::filesystem::remove_all(gene_index_folder());
    const AnnDataPtr data = AnnData::open(file);
    JobContext job;
    const auto start = Clock::now();
    make_gene_index(*data, {}, job);
    const double built = seconds_since(start);
    std::uintmax_t bytes = 0;
    for (const auto& entry : std::filesystem::directory_iterator(gene_index_folder())) {
        bytes += entry.file_size();
    }
    nlohmann::json figures = time_genes(
        data->n_vars(), rounds, [&](std::uint64_t gene) { return gene_values(*data, {}, gene, job); });
    figures["build_s"] = built;
    figures["index_mb"] = static_cast<double>(bytes) / 1e6;
    return figures;
}

} // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    const auto number = [&](std::size_t at, std::size_t otherwise) {
        return at < arguments.size() ? static_cast<std::size_t>(std::stoull(arguments[at])) : otherwise;
    };
    try {
        nlohmann::json figures;
        if (arguments.size() >= 2 && arguments[0] == "make") {
            make(arguments[1], number(2, 57298), number(3, 20000), number(4, 2000));
        } else if (arguments.size() >= 3 && arguments[0] == "index") {
            figures = index(arguments[1], arguments[2], static_cast<int>(number(3, 200)));
        } else if (arguments.size() >= 2 && arguments[0] == "pass") {
            const AnnDataPtr data = AnnData::open(arguments[1]);
            JobContext job;
            figures = time_genes(data->n_vars(), static_cast<int>(number(2, 5)),
                                 [&](std::uint64_t gene) { return read_gene(*data, {}, gene, job); });
        } else {
            std::cerr << "usage: index_bench make|index|pass FILE …\n";
            return 2;
        }
        figures["peak_mb"] = peak_mb();
        std::cout << figures.dump() << '\n';
        return 0;
    } catch (const Error& error) {
        std::cerr << "error: " << error.what() << '\n';
        return 1;
    }
}

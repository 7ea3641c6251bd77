#include "tests/core/data/hdf5_fixture.hpp"

#include <stdexcept>
#include <unistd.h>

namespace ember::test {

namespace {

hid_t variable_text() {
    const hid_t type = H5Tcopy(H5T_C_S1);
    H5Tset_size(type, H5T_VARIABLE);
    H5Tset_cset(type, H5T_CSET_UTF8);
    return type;
}

void require(bool ok) {
    if (!ok) {
        throw std::runtime_error("the fixture could not be written");
    }
}

std::vector<std::string> numbered(const char* prefix, std::uint64_t count) {
    std::vector<std::string> names;
    for (std::uint64_t i = 0; i < count; ++i) {
        names.push_back(prefix + std::to_string(i));
    }
    return names;
}

hid_t creation_list(const Storage& storage, const std::vector<hsize_t>& dims) {
    const hid_t list = H5Pcreate(H5P_DATASET_CREATE);
    bool empty = false;
    for (const auto length : dims) {
        empty = empty || length == 0;
    }
    if (!storage.chunk.empty() && !empty) {
        std::vector<hsize_t> chunk(storage.chunk);
        chunk.resize(dims.size(), 1);
        for (std::size_t axis = 0; axis < dims.size(); ++axis) {
            chunk[axis] = std::min(chunk[axis], dims[axis]);
        }
        H5Pset_chunk(list, static_cast<int>(chunk.size()), chunk.data());
        if (storage.shuffle) {
            H5Pset_shuffle(list);
        }
        if (storage.gzip) {
            H5Pset_deflate(list, 4);
        }
        if (storage.checksum) {
            H5Pset_fletcher32(list);
        }
    }
    return list;
}

} // namespace

TemporaryFolder::TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "ember-data-XXXXXX").string();
    require(::mkdtemp(name.data()) != nullptr);
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

const char* to_string(Form form) {
    return form == Form::dense ? "dense" : form == Form::csr ? "csr" : "csc";
}

std::vector<float> random_matrix(std::uint64_t rows, std::uint64_t cols, unsigned seed) {
    std::mt19937 random(seed);
    std::vector<float> values(rows * cols);
    for (auto& value : values) {
        value = random() % 3 == 0 ? static_cast<float>(1 + random() % 100) : 0.0F;
    }
    return values;
}

FileBuilder::FileBuilder(const std::filesystem::path& path, unsigned access)
    : file_(access == H5F_ACC_TRUNC ? H5Fcreate(path.c_str(), access, H5P_DEFAULT, H5P_DEFAULT)
                                    : H5Fopen(path.c_str(), access, H5P_DEFAULT)) {
    require(file_ >= 0);
}

FileBuilder::~FileBuilder() {
    H5Fclose(file_);
}

void FileBuilder::group(const std::string& key) const {
    const hid_t group = H5Gcreate2(file_, key.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    require(group >= 0);
    H5Gclose(group);
}

void FileBuilder::text_attribute(const std::string& key, const char* name, const std::string& value) const {
    const hid_t type = variable_text(), space = H5Screate(H5S_SCALAR);
    const hid_t attribute =
        H5Acreate_by_name(file_, key.c_str(), name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    const char* pointer = value.c_str();
    require(H5Awrite(attribute, type, &pointer) >= 0);
    H5Aclose(attribute);
    H5Sclose(space);
    H5Tclose(type);
}

void FileBuilder::integer_attribute(const std::string& key, const char* name,
                                    const std::vector<std::int64_t>& values) const {
    const hsize_t size = values.size();
    const hid_t space = H5Screate_simple(1, &size, nullptr);
    const hid_t attribute = H5Acreate_by_name(file_, key.c_str(), name, H5T_STD_I64LE, space, H5P_DEFAULT,
                                              H5P_DEFAULT, H5P_DEFAULT);
    require(H5Awrite(attribute, H5T_NATIVE_INT64, values.data()) >= 0);
    H5Aclose(attribute);
    H5Sclose(space);
}

void FileBuilder::texts(const std::string& key, const std::vector<std::string>& values) const {
    const hsize_t size = values.size();
    const hid_t type = variable_text(), space = H5Screate_simple(1, &size, nullptr);
    const hid_t dataset = H5Dcreate2(file_, key.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    std::vector<const char*> pointers;
    for (const auto& value : values) {
        pointers.push_back(value.c_str());
    }
    require(values.empty() || H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()) >= 0);
    H5Dclose(dataset);
    H5Sclose(space);
    H5Tclose(type);
}

void FileBuilder::numbers(const std::string& key, const std::vector<double>& values,
                          const std::vector<hsize_t>& dims, const Storage& storage) const {
    const hid_t space = H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr);
    const hid_t list = creation_list(storage, dims);
    const hid_t dataset = H5Dcreate2(file_, key.c_str(), storage.type, space, H5P_DEFAULT, list, H5P_DEFAULT);
    require(dataset >= 0);
    require(values.empty() ||
            H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) >= 0);
    H5Dclose(dataset);
    H5Pclose(list);
    H5Sclose(space);
}

void FileBuilder::tables(std::uint64_t cells, std::uint64_t genes) const {
    for (const auto& [table, prefix, count] :
         {std::tuple("obs", "c", cells), std::tuple("var", "g", genes)}) {
        group(table);
        text_attribute(table, "encoding-type", "dataframe");
        text_attribute(table, "_index", "_index");
        texts(std::string(table) + "/_index", numbered(prefix, count));
    }
}

void FileBuilder::matrix(const std::string& key, const std::vector<float>& values, std::uint64_t rows,
                         std::uint64_t cols, const Storage& storage) const {
    if (storage.form == Form::dense) {
        return numbers(key, {values.begin(), values.end()}, {rows, cols}, storage);
    }
    const bool csr = storage.form == Form::csr;
    std::vector<double> data, indices, indptr = {0};
    for (std::uint64_t major = 0; major < (csr ? rows : cols); ++major) {
        for (std::uint64_t minor = 0; minor < (csr ? cols : rows); ++minor) {
            const float value = values[csr ? major * cols + minor : minor * cols + major];
            if (value != 0) {
                data.push_back(value);
                indices.push_back(static_cast<double>(minor));
            }
        }
        indptr.push_back(static_cast<double>(data.size()));
    }
    group(key);
    text_attribute(key, "encoding-type", csr ? "csr_matrix" : "csc_matrix");
    integer_attribute(key, "shape", {static_cast<std::int64_t>(rows), static_cast<std::int64_t>(cols)});
    numbers(key + "/data", data, {data.size()}, storage);
    auto whole = storage;
    whole.type = storage.type == H5T_IEEE_F64LE ? H5T_STD_I64LE : H5T_STD_I32LE;
    numbers(key + "/indices", indices, {indices.size()}, whole);
    numbers(key + "/indptr", indptr, {indptr.size()}, whole);
}

} // namespace ember::test

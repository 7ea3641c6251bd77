#include "core/data/matrix_spec.hpp"

#include <limits>

#include "core/data/compound_table.hpp"
#include "core/data/dense_matrix.hpp"
#include "core/data/hdf5_attribute.hpp"
#include "core/data/sparse_matrix.hpp"

namespace ember::h5 {

namespace {

bool wide(const ElementType& type) {
    return type.size == 8 || (type.size == 4 && type.integer());
}

void require_numbers(const Dataset& dataset) {
    if (dataset.type().numeric()) {
        return;
    }
    const auto& name = dataset.type().numpy_name;
    const std::string what = dataset.type().text()         ? "text"
                             : name.starts_with("complex") ? "complex numbers"
                             : name == "compound"          ? "records"
                                                           : "values of an unsupported type (" + name + ")";
    throw dataset.error("UnsupportedType", "'" + dataset.key() + "' holds " + what + ", not real numbers");
}

MatrixSpec describe_dense(const FilePtr& file, Object object, const std::string& name) {
    MatrixSpec spec;
    spec.key = object.key;
    auto dataset = std::make_shared<Dataset>(file, std::move(object));
    if (dataset->shape().empty() || dataset->shape().size() > 2) {
        throw dataset->error("ShapeMismatch", "'" + name + "' has " +
                                                  std::to_string(dataset->shape().size()) +
                                                  " dimensions instead of 2");
    }
    require_numbers(*dataset);
    spec.info.name = name;
    spec.info.rows = dataset->rows();
    spec.info.cols = dataset->row_elements();
    spec.info.dtype = dataset->type().numpy_name;
    spec.info.stored = dataset->elements();
    spec.info.storage_bytes = dataset->storage_bytes();
    spec.info.compression = compression_name(dataset->filters());
    spec.info.needs_double = wide(dataset->type());
    spec.info.contiguous = dataset->row_contiguous();
    spec.info.chunk_rows = dataset->chunk_rows();
    spec.dense = std::move(dataset);
    return spec;
}

std::optional<MatrixEncoding> sparse_encoding(const File& file, const Object& group) {
    auto encoding = encoding_type(file, group);
    if (encoding.empty()) {
        encoding = text_attribute(file, group, "h5sparse_format").value_or("");
    }
    if (encoding == "csr_matrix" || encoding == "csr") {
        return MatrixEncoding::csr;
    }
    if (encoding == "csc_matrix" || encoding == "csc") {
        return MatrixEncoding::csc;
    }
    return std::nullopt;
}

std::vector<std::int64_t> sparse_shape(const File& file, const Object& group) {
    const char* name = has_attribute(group, "shape") ? "shape" : "h5sparse_shape";
    if (!has_attribute(group, name)) {
        throw file.error("MissingMember", group.key, "The sparse matrix has no attribute 'shape'");
    }
    const auto shape = integers_attribute(file, group, name);
    if (!shape || shape->size() != 2 || (*shape)[0] < 0 || (*shape)[1] < 0) {
        throw file.error("ShapeMismatch", group.key, "The attribute 'shape' is not two whole numbers");
    }
    return *shape;
}

void require_vector(const Dataset& dataset) {
    if (dataset.shape().size() != 1) {
        throw dataset.error("BadSparse", "'" + dataset.key() + "' is not a one-dimensional array");
    }
}

} // namespace

MatrixSpec describe_sparse(const FilePtr& file, const std::string& key, const std::string& name,
                           MatrixEncoding encoding, std::uint64_t rows, std::uint64_t cols) {
    MatrixSpec spec;
    spec.key = key;
    const auto values = std::make_shared<Dataset>(file, join_key(key, "data"));
    const auto indices = std::make_shared<Dataset>(file, join_key(key, "indices"));
    const auto indptr = std::make_shared<Dataset>(file, join_key(key, "indptr"));
    require_vector(*values);
    require_vector(*indices);
    require_vector(*indptr);
    require_numbers(*values);
    for (const auto& part : {indices, indptr}) {
        if (!part->type().integer()) {
            throw part->error("BadSparse", "'" + part->key() + "' holds " + part->type().numpy_name +
                                               " values instead of whole numbers");
        }
    }
    if (values->rows() != indices->rows()) {
        throw indices->error("BadSparse", "There are " + std::to_string(indices->rows()) + " indices for " +
                                              std::to_string(values->rows()) + " values");
    }
    const std::uint64_t major = encoding == MatrixEncoding::csr ? rows : cols;
    if (indptr->rows() == 0 || indptr->rows() - 1 != major) {
        throw indptr->error("BadSparse", "'indptr' has " + std::to_string(indptr->rows()) +
                                             " entries instead of " + std::to_string(major + 1));
    }
    if (rows > std::numeric_limits<std::int32_t>::max() || cols > std::numeric_limits<std::int32_t>::max()) {
        throw file->error("ShapeMismatch", key, "The matrix has more than 2,147,483,647 rows or columns");
    }
    spec.info = {name,
                 rows,
                 cols,
                 encoding,
                 values->type().numpy_name,
                 values->rows(),
                 values->storage_bytes() + indices->storage_bytes() + indptr->storage_bytes(),
                 compression_name(values->filters()),
                 wide(values->type()),
                 encoding == MatrixEncoding::csr && values->row_contiguous() && indices->row_contiguous(),
                 0};
    spec.values = values;
    spec.indices = indices;
    spec.indptr = indptr;
    return spec;
}

std::optional<MatrixSpec> describe_matrix(const FilePtr& file, const std::string& key,
                                          const std::string& name) {
    auto object = open_object(*file, key);
    const auto encoding = encoding_type(*file, object);
    if (encoding == "null") {
        return std::nullopt;
    }
    if (object.kind == ObjectKind::dataset &&
        (encoding.empty() || encoding == "array" || encoding == "string-array")) {
        return describe_dense(file, std::move(object), name);
    }
    const auto sparse = object.kind == ObjectKind::group ? sparse_encoding(*file, object) : std::nullopt;
    if (!sparse) {
        throw file->error("UnknownEncoding", key,
                          encoding.empty() ? "'" + name + "' is a group that does not say what it holds"
                                           : "'" + name + "' has the encoding '" + encoding +
                                                 "', which is no matrix that can be read");
    }
    const auto shape = sparse_shape(*file, object);
    return describe_sparse(file, key, name, *sparse, static_cast<std::uint64_t>(shape[0]),
                           static_cast<std::uint64_t>(shape[1]));
}

MatrixSpec describe_field(const DatasetPtr& table, const std::string& field, const std::string& name) {
    const auto member = find_field(*table, field);
    MatrixSpec spec;
    spec.key = table->key();
    spec.table = table;
    spec.field = field;
    spec.info.name = name;
    spec.info.rows = table->rows();
    spec.info.cols = member.count;
    spec.info.dtype = member.type.numpy_name;
    spec.info.stored = table->rows() * member.count;
    spec.info.storage_bytes = spec.info.stored * member.type.size;
    spec.info.compression = compression_name(table->filters());
    spec.info.needs_double = wide(member.type);
    if (!member.type.numeric()) {
        throw table->error("UnsupportedType", "'" + name + "' holds no numbers");
    }
    return spec;
}

void require_shape(const File& file, const MatrixSpec& spec, std::uint64_t rows,
                   std::optional<std::uint64_t> cols) {
    if (spec.info.rows == rows && (!cols || spec.info.cols == *cols)) {
        return;
    }
    const auto text = [](std::uint64_t a, const std::string& b) { return std::to_string(a) + " × " + b; };
    throw file.error("ShapeMismatch", spec.key,
                     "'" + spec.info.name + "' is " + text(spec.info.rows, std::to_string(spec.info.cols)) +
                         " where " + text(rows, cols ? std::to_string(*cols) : "any") + " is expected");
}

MatrixPtr open_matrix(const MatrixSpec& spec) {
    if (spec.values) {
        return spec.info.encoding == MatrixEncoding::csr ? open_csr(spec) : open_csc(spec);
    }
    return open_dense(spec);
}

} // namespace ember::h5

#include "core/data/hdf5_error.hpp"

#include <map>

namespace ember::h5 {

namespace {

std::string remedy_for(const std::string& class_name) {
    static const std::map<std::string, std::string> remedies = {
        {"NotHdf5", "Choose an .h5ad file or a 10x Genomics .h5 file"},
        {"Truncated", "Copy or download the file again; wait if another program is still writing it"},
        {"Corrupt", "Copy or download the file again, or write it anew from its source"},
        {"BadSparse", "Write the matrix anew with scipy.sparse and anndata, then try again"},
        {"MissingMember", "Write the file anew with anndata, or choose another member"},
        {"ShapeMismatch", "Write the file anew with anndata, so that all members agree with obs and var"},
        {"UnknownEncoding", "Write the file anew with anndata 0.7 or later"},
        {"UnsupportedType", "Convert the values to float32 and write the file anew"},
        {"UnsupportedFilter", "Install the HDF5 filter plug-in, or write the file anew with gzip"},
        {"BadCategorical", "Write the column anew with pandas and anndata"},
        {"BadText", "Write the names anew as UTF-8 text"},
        {"BadLink", "Remove the link, or write the file anew with anndata"},
        {"ExternalLinkRefused",
         "Copy the data into the file itself; links to other files are never followed"},
        {"BoundedDepth", "Flatten the nested groups"},
        {"CannotRead", "Check the path and your permission to read it"},
    };
    const auto found = remedies.find(class_name);
    return found == remedies.end() ? std::string() : found->second;
}

} // namespace

Error data_error(const std::string& class_name, std::string message, std::string file, std::string key,
                 std::string remedy) {
    return Error(class_name, std::move(message), {std::move(file), std::move(key), {}},
                 remedy.empty() ? remedy_for(class_name) : std::move(remedy));
}

} // namespace ember::h5

#pragma once
// Copies objects from an input file to an output file without decoding them.

#include "core/base/job.hpp"
#include "core/data/hdf5_dataset.hpp"
#include "core/data/hdf5_output.hpp"

namespace ember::h5 {

/// Copies groups, datasets and attributes, large datasets chunk by chunk so that memory stays bounded and
/// cancel is heard.
class TreeCopier {
public:
    TreeCopier(FilePtr source, Output& output, JobContext& job)
        : source_(std::move(source)), output_(output), job_(job) {}

    /// The object at `key` with everything below it becomes `name` under `parent`. Members that cannot be
    /// reached inside the file are left out with a warning.
    void copy(const std::string& key, hid_t parent, const std::string& name);

    /// One dataset; attributes other than references are copied too.
    void copy_dataset(const Dataset& dataset, hid_t parent, const std::string& name);

    void copy_attributes(const Object& from, hid_t to);

private:
    void copy_object(Object object, hid_t parent, const std::string& name);
    void copy_group(const Object& group, hid_t parent, const std::string& name);
    bool copy_chunks(const Dataset& dataset, hid_t parent, const std::string& name);
    void copy_contiguous(const Dataset& dataset, hid_t parent, const std::string& name);
    void copy_values(const Dataset& dataset, hid_t parent, const std::string& name);
    void copy_rows(const Dataset& dataset, hid_t target, hid_t type, std::uint64_t first,
                   std::uint64_t count);
    void copy_whole(const Object& object, hid_t parent, const std::string& name);

    FilePtr source_;
    Output& output_;
    JobContext& job_;
    std::vector<std::uint64_t> open_groups_;
};

} // namespace ember::h5

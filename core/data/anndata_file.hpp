#pragma once
// The implementation of AnnData over an HDF5 file.

#include <mutex>

#include "core/data/file_layout.hpp"

namespace ember::h5 {

class AnnDataFile final : public AnnData {
public:
    explicit AnnDataFile(FilePtr file) : file_(std::move(file)), layout_(read_layout(file_)) {
        list_columns();
    }

    const FilePtr& file() const noexcept { return file_; }
    const FileLayout& layout() const noexcept { return layout_; }
    const MatrixSpec& matrix_spec(const MatrixSource& source) const;

    const std::filesystem::path& path() const override { return file_->path(); }
    const std::string& generation() const override { return layout_.generation; }
    std::uint64_t n_obs() const override { return layout_.n_obs; }
    std::uint64_t n_vars() const override { return layout_.n_vars; }
    bool has_x() const override { return layout_.x.has_value(); }
    const std::vector<std::string>& obs_names() const override;
    const std::vector<std::string>& var_names() const override;
    const std::vector<ColumnInfo>& obs_columns() const override { return obs_columns_; }
    const std::vector<ColumnInfo>& var_columns() const override { return var_columns_; }
    std::shared_ptr<const Column> obs(const std::string& name) const override;
    std::shared_ptr<const Column> var(const std::string& name) const override;
    const std::vector<std::string>& layers() const override { return layer_keys_; }
    const std::vector<MemberInfo>& obsm() const override { return obsm_; }
    const std::vector<MemberInfo>& varm() const override { return varm_; }
    const std::vector<MemberInfo>& obsp() const override { return obsp_; }
    const std::vector<std::string>& uns_keys() const override { return layout_.uns_keys; }
    std::optional<MemberInfo> raw_x() const override;
    MatrixPtr matrix(const MatrixSource& source) const override;
    std::vector<std::string> raw_var_names() const override;
    nlohmann::json uns(const std::string& path) const override;
    std::vector<std::string> colors(const std::string& column) const override;

private:
    using ColumnCache = std::map<std::string, std::shared_ptr<const Column>>;

    void list_columns();
    std::shared_ptr<const Column> cached(const TableSource& table, ColumnCache& cache,
                                         const std::string& name) const;

    FilePtr file_;
    FileLayout layout_;
    std::vector<ColumnInfo> obs_columns_, var_columns_;
    std::vector<std::string> layer_keys_;
    std::vector<MemberInfo> obsm_, varm_, obsp_;
    mutable std::once_flag obs_names_once_, var_names_once_;
    mutable std::vector<std::string> obs_names_, var_names_;
    mutable std::mutex cache_mutex_;
    mutable ColumnCache obs_cache_, var_cache_;
};

} // namespace ember::h5

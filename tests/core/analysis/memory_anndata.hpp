#pragma once
// A data set in memory, read in blocks of any size, for tests of what is computed from one.

#include <map>
#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "core/data/anndata.hpp"

namespace ember::test {

/// Rows are dense when `sparse` is false, else the zeros are left out of each row.
struct MemoryMatrix {
    std::uint64_t rows = 0, cols = 0;
    std::vector<double> values; ///< [rows × cols]
    bool sparse = false, needs_double = false;
    std::uint64_t block_rows = 7;
};

class MemoryAnnData : public AnnData {
public:
    MemoryAnnData(std::uint64_t cells, std::uint64_t genes);

    MemoryAnnData& set_x(MemoryMatrix matrix);
    MemoryAnnData& set_obsm(const std::string& key, MemoryMatrix matrix);
    MemoryAnnData& add_text(const std::string& name, std::vector<std::string> labels);
    MemoryAnnData& add_categories(const std::string& name, CategoricalColumn column);
    MemoryAnnData& add_numbers(const std::string& name, std::vector<double> values);
    MemoryAnnData& set_var_names(std::vector<std::string> names);
    MemoryAnnData& set_obs_names(std::vector<std::string> names);

    const std::filesystem::path& path() const override { return path_; }
    const std::string& generation() const override { return generation_; }
    std::uint64_t n_obs() const override { return obs_names_.size(); }
    std::uint64_t n_vars() const override { return var_names_.size(); }
    bool has_x() const override { return matrices_.contains("X"); }
    const std::vector<std::string>& obs_names() const override { return obs_names_; }
    const std::vector<std::string>& var_names() const override { return var_names_; }
    const std::vector<ColumnInfo>& obs_columns() const override { return obs_columns_; }
    const std::vector<ColumnInfo>& var_columns() const override { return no_columns_; }
    std::shared_ptr<const Column> obs(const std::string& name) const override;
    std::shared_ptr<const Column> var(const std::string& name) const override;
    const std::vector<std::string>& layers() const override { return none_; }
    const std::vector<MemberInfo>& obsm() const override { return obsm_; }
    const std::vector<MemberInfo>& varm() const override { return no_members_; }
    const std::vector<MemberInfo>& obsp() const override { return no_members_; }
    const std::vector<std::string>& uns_keys() const override { return none_; }
    std::optional<MemberInfo> raw_x() const override { return {}; }
    MatrixPtr matrix(const MatrixSource& source) const override;
    std::vector<std::string> raw_var_names() const override { return {}; }
    nlohmann::json uns(const std::string&) const override { return nlohmann::json::object(); }
    std::vector<std::string> colors(const std::string&) const override { return {}; }

private:
    MemoryAnnData& add_column(Column column);

    std::filesystem::path path_ = "memory.h5ad";
    std::string generation_ = "in memory";
    std::vector<std::string> obs_names_, var_names_, none_;
    std::vector<ColumnInfo> obs_columns_, no_columns_;
    std::vector<MemberInfo> obsm_, no_members_;
    std::map<std::string, std::shared_ptr<const Column>> columns_;
    std::map<std::string, MatrixPtr> matrices_;
};

} // namespace ember::test

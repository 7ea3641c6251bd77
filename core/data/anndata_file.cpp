#include "core/data/anndata_file.hpp"

#include "core/base/nearest_names.hpp"
#include "core/data/uns_reader.hpp"

namespace ember {

AnnData::~AnnData() = default;

std::shared_ptr<const AnnData> AnnData::open(const std::filesystem::path& file) {
    return std::make_shared<h5::AnnDataFile>(h5::File::open(file));
}

} // namespace ember

namespace ember::h5 {

namespace {

std::string did_you_mean(const std::string& wanted, const std::vector<std::string>& names) {
    const auto near = nearest_names(wanted, names);
    return near.empty() ? "There are none" : "Choose one of " + quoted_list(near);
}

template<typename Items, typename Name>
std::vector<std::string> names_of(const Items& items, Name name) {
    std::vector<std::string> names;
    for (const auto& item : items) {
        names.push_back(name(item));
    }
    return names;
}

} // namespace

void AnnDataFile::list_columns() {
    const auto list = [](const TableSource& table, std::vector<ColumnInfo>& out) {
        for (const auto& column : table.columns) {
            out.push_back({column.name, column.dtype});
        }
    };
    list(layout_.obs, obs_columns_);
    list(layout_.var, var_columns_);
    layer_keys_ = names_of(layout_.layers, [](const auto& layer) { return layer.first; });
    for (const auto& member : layout_.obsm) {
        obsm_.push_back(member.info);
    }
    for (const auto& member : layout_.varm) {
        varm_.push_back(member.info);
    }
    for (const auto& member : layout_.obsp) {
        obsp_.push_back(member.info);
    }
}

const std::vector<std::string>& AnnDataFile::obs_names() const {
    std::call_once(obs_names_once_, [&] { obs_names_ = read_texts(layout_.obs.index); });
    return obs_names_;
}

const std::vector<std::string>& AnnDataFile::var_names() const {
    std::call_once(var_names_once_, [&] { var_names_ = read_texts(layout_.var.index); });
    return var_names_;
}

std::shared_ptr<const Column> AnnDataFile::cached(const TableSource& table, ColumnCache& cache,
                                                  const std::string& name) const {
    {
        const std::lock_guard guard(cache_mutex_);
        if (const auto found = cache.find(name); found != cache.end()) {
            return found->second;
        }
    }
    const auto names = names_of(table.columns, [](const ColumnSource& column) { return column.name; });
    for (const auto& source : table.columns) {
        if (source.name == name) {
            auto column = std::make_shared<const Column>(read_column(*file_, source));
            const std::lock_guard guard(cache_mutex_);
            return cache.emplace(name, std::move(column)).first->second;
        }
    }
    throw file_->error("MissingMember", table.key + "/" + name,
                       "There is no column '" + name + "' in " + table.key, did_you_mean(name, names));
}

std::shared_ptr<const Column> AnnDataFile::obs(const std::string& name) const {
    return cached(layout_.obs, obs_cache_, name);
}

std::shared_ptr<const Column> AnnDataFile::var(const std::string& name) const {
    return cached(layout_.var, var_cache_, name);
}

std::optional<MemberInfo> AnnDataFile::raw_x() const {
    if (!layout_.raw_x) {
        return std::nullopt;
    }
    return MemberInfo{"raw", layout_.raw_x->info.rows, layout_.raw_x->info.cols, false};
}

const MatrixSpec& AnnDataFile::matrix_spec(const MatrixSource& source) const {
    const auto missing = [&](const std::string& remedy) {
        const auto name = to_string(source);
        return file_->error("MissingMember", name, "The file has no '" + name + "'", remedy);
    };
    if (source.kind == MatrixSource::Kind::layer) {
        for (const auto& [key, spec] : layout_.layers) {
            if (key == source.key) {
                return spec;
            }
        }
        throw missing(did_you_mean(source.key, layer_keys_));
    }
    if (source.kind == MatrixSource::Kind::obsm) {
        for (const auto& member : layout_.obsm) {
            if (member.info.key == source.key) {
                if (member.matrix) {
                    return *member.matrix;
                }
                throw file_->error("UnsupportedType", to_string(source),
                                   member.table ? "'" + to_string(source) + "' is a data frame, not a matrix"
                                                : member.problem,
                                   "Choose another obsm key");
            }
        }
        throw missing(
            did_you_mean(source.key, names_of(obsm_, [](const MemberInfo& info) { return info.key; })));
    }
    const auto& spec = source.kind == MatrixSource::Kind::raw_x ? layout_.raw_x : layout_.x;
    if (!spec) {
        throw missing("Choose a layer or an obsm key instead");
    }
    return *spec;
}

MatrixPtr AnnDataFile::matrix(const MatrixSource& source) const {
    return open_matrix(matrix_spec(source));
}

std::vector<std::string> AnnDataFile::raw_var_names() const {
    return layout_.raw_var ? read_texts(layout_.raw_var->index) : std::vector<std::string>();
}

nlohmann::json AnnDataFile::uns(const std::string& path) const {
    return read_uns(file_, join_key("uns", path));
}

std::vector<std::string> AnnDataFile::colors(const std::string& column) const {
    return read_colors(file_, "uns/" + column + "_colors");
}

} // namespace ember::h5

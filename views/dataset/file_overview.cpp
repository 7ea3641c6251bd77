#include "views/dataset/file_overview.hpp"

#include <filesystem>
#include <system_error>

#include "core/base/error.hpp"

namespace ember {

namespace {

MatrixLine lineOf(const AnnData& data, const MatrixSource& source) {
    MatrixLine line;
    line.name = QString::fromStdString(to_string(source));
    try {
        line.info = data.matrix(source)->info();
    } catch (const Error& error) {
        line.error = QString::fromStdString(error.message());
    }
    return line;
}

QString unsText(const std::string& key, const nlohmann::json& value) {
    const QString name = QString::fromStdString(key);
    constexpr qsizetype longest = 40;
    if (value.is_string()) {
        const QString text = QString::fromStdString(value.get<std::string>());
        return text.size() <= longest ? name + QStringLiteral(" = ") + text : name;
    }
    if (value.is_number() || value.is_boolean())
        return name + QStringLiteral(" = ") + QString::fromStdString(value.dump());
    return name;
}

} // namespace

FileOverview readOverview(const AnnData& data, JobContext& job) {
    FileOverview overview;
    std::vector<MatrixSource> sources;
    if (data.has_x())
        sources.push_back({MatrixSource::Kind::x, {}});
    for (const std::string& key : data.layers())
        sources.push_back({MatrixSource::Kind::layer, key});
    if (data.raw_x().has_value())
        sources.push_back({MatrixSource::Kind::raw_x, {}});
    for (const MatrixSource& source : sources) {
        job.check_cancelled();
        overview.matrices.push_back(lineOf(data, source));
    }
    for (const MemberInfo& member : data.obsm()) {
        job.check_cancelled();
        if (!member.data_frame) {
            overview.matrices.push_back(lineOf(data, {MatrixSource::Kind::obsm, member.key}));
            continue;
        }
        MatrixLine line;
        line.name = QStringLiteral("obsm/") + QString::fromStdString(member.key);
        line.table = true;
        line.info.rows = member.rows;
        line.info.cols = member.cols;
        overview.matrices.push_back(line);
    }
    for (const std::string& key : data.uns_keys()) {
        job.check_cancelled();
        try {
            const nlohmann::json value = data.uns(key);
            overview.uns << unsText(key, value);
            if (key == "origin" && value.is_string())
                overview.origin = QString::fromStdString(value.get<std::string>()).simplified();
        } catch (const Error&) {
            overview.uns << QString::fromStdString(key); // its name is known; its value is not needed here
        }
    }
    for (const ColumnInfo& column : data.var_columns())
        overview.varColumns << QString::fromStdString(column.name);
    std::error_code failure;
    const auto bytes = std::filesystem::file_size(data.path(), failure);
    overview.fileBytes = failure ? 0 : bytes;
    return overview;
}

} // namespace ember

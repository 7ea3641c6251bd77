#include "app/window/open_file.hpp"

#include <QDir>
#include <QFileInfo>

#include "app/window/file_kind.hpp"
#include "app/window/model_hints.hpp"
#include "app/window/prediction_record.hpp"
#include "core/data/cells_fingerprint.hpp"
#include "core/run/run_directory.hpp"
#include "core/run/st_config.hpp"

namespace ember {

namespace {

QString textOf(const std::filesystem::path& path) {
    return QString::fromStdString(path.string());
}

DatasetDocument datasetFrom(AnnDataPtr data, const QString& path, const SchemaHints& hints, JobContext& job) {
    DatasetDocument document;
    document.path = path;
    document.name = QFileInfo(path).completeBaseName();
    job.begin("Looking at the columns", 0, {});
    document.schema = guess_schema(*data, hints);
    job.check_cancelled();
    document.problems = find_problems(*data, hints);
    document.cells = QString::fromStdString(cells_fingerprint(data->obs_names()));
    document.data = std::move(data);
    return document;
}

ModelDocument modelFrom(const FileIdentity& identity) {
    ModelDocument document;
    document.path = textOf(identity.path);
    document.name = QFileInfo(document.path).fileName();
    document.info = inspect_model(identity.path);
    if (identity.kind == FileKind::run_directory) {
        document.hints = hintsFrom(open_run_directory(identity.path), document.info);
    }
    return document;
}

PredictionDocument predictionFrom(AnnDataPtr data, const QString& path, const PredictionRecord& record,
                                  JobContext& job) {
    PredictionDocument prediction;
    prediction.name = QFileInfo(path).completeBaseName();
    prediction.modelPath = record.modelPath;
    prediction.inputPath = record.inputPath;
    prediction.source = sourceFrom(record.result.written_to);
    prediction.result = record.result;
    SchemaHints hints;
    hints.pert_col = record.result.pert_col;
    hints.control_pert = record.result.control_pert;
    hints.celltype_col = record.result.celltype_col;
    hints.batch_col = record.result.batch_col;
    hints.embed_key = record.result.embed_key;
    prediction.output = datasetFrom(std::move(data), path, hints, job);
    return prediction;
}

} // namespace

OpenedDocument openDocument(const QString& path, JobContext& job) {
    job.begin("Opening", 0, {});
    const FileIdentity identity = identifyFile(path.toStdString());
    if (identity.kind != FileKind::data) {
        return modelFrom(identity);
    }
    AnnDataPtr data = AnnData::open(identity.path);
    if (const auto record = readPredictionRecord(*data)) {
        return predictionFrom(std::move(data), path, *record, job);
    }
    return datasetFrom(std::move(data), path, {}, job);
}

PredictionDocument openPrediction(const QString& path, const QString& modelPath, const QString& inputPath,
                                  const InferResult& result, JobContext& job) {
    job.begin("Opening", 0, {});
    return predictionFrom(AnnData::open(path.toStdString()), path, {modelPath, inputPath, result}, job);
}

MatrixSource sourceFrom(const std::string& writtenTo) {
    if (writtenTo.rfind("obsm/", 0) == 0) {
        return {MatrixSource::Kind::obsm, writtenTo.substr(5)};
    }
    if (writtenTo.rfind("layers/", 0) == 0) {
        return {MatrixSource::Kind::layer, writtenTo.substr(7)};
    }
    return {MatrixSource::Kind::x, {}};
}

QString canonicalPath(const QString& path) {
    const QFileInfo info(path);
    const QString canonical = info.canonicalFilePath();
    return canonical.isEmpty() ? QDir::cleanPath(info.absoluteFilePath()) : canonical;
}

} // namespace ember

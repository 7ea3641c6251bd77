#include "views/prediction/output_proposal.hpp"

#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

#include "core/base/demo_workspace.hpp"
#include "core/base/error.hpp"

namespace ember {

namespace {

bool isBundledDemo(const QString& folder) {
    try {
        const QFileInfo demo(QString::fromStdString(bundled_demo().string()));
        return demo.canonicalFilePath() == QFileInfo(folder).canonicalFilePath();
    } catch (const Error&) {
        return false; // not installed, so nothing of it can be in the way
    }
}

QString folderFor(const QString& dataPath, const QString& lastFolder) {
    if (!lastFolder.isEmpty() && QFileInfo(lastFolder).isWritable()) {
        return lastFolder;
    }
    const QString beside = QFileInfo(dataPath).absolutePath();
    if (QFileInfo(beside).isWritable() && !isBundledDemo(beside)) {
        return beside;
    }
    return QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation) + "/Emberview";
}

} // namespace

QString proposedPredictionPath(const QString& dataPath, const QString& modelName, const QString& lastFolder) {
    const QString stem =
        folderFor(dataPath, lastFolder) + '/' + QFileInfo(dataPath).completeBaseName() + '_' + modelName;
    QString path = stem + ".h5ad";
    for (int number = 2; QFileInfo::exists(path); ++number) {
        path = QString("%1_%2.h5ad").arg(stem).arg(number);
    }
    return path;
}

void makeFolderOf(const std::filesystem::path& file) {
    std::error_code fault;
    if (file.has_parent_path()) {
        std::filesystem::create_directories(file.parent_path(), fault);
    }
    if (fault) {
        throw Error("CannotWrite", "The folder cannot be made: " + fault.message(),
                    {file.parent_path().string(), {}, {}}, "Choose another folder");
    }
}

} // namespace ember

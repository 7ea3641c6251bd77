#pragma once
// Where results go when the user has named no place.

#include <filesystem>

#include <QString>

namespace ember {

/// "<data>_<model>.h5ad" in `lastFolder`, else beside the data, else (folder not writable, or the bundled
/// demo) in the user's documents; numbered when that file exists.
QString proposedPredictionPath(const QString& dataPath, const QString& modelName, const QString& lastFolder);

/// Makes the folder of `file`. Throws Error `CannotWrite`.
void makeFolderOf(const std::filesystem::path& file);

} // namespace ember

#pragma once
// Bundled vector icons, drawn in the theme's colours at any scale.

#include <QIcon>
#include <QString>
#include <QStringList>

namespace ember {

enum class IconColor { text, muted, accent, accentText, information, success, warning, error };

/// A bundled icon by its file name without ending ("document-open"); follows the theme when it changes.
/// "app" keeps its own colours. Unknown names give a null icon.
QIcon icon(const QString& name, IconColor color = IconColor::text);

QStringList iconNames(); ///< all bundled icons

} // namespace ember

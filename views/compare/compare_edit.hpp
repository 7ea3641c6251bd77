#pragma once
// How the pages of the Compare view change its settings.

#include <functional>

#include <QString>

#include "views/compare/compare_settings.hpp"

class QComboBox;

namespace ember {

/// Applies `change` to the settings, undoably under `text`.
using CompareEdit =
    std::function<void(const QString& text, const std::function<void(CompareSettings&)>& change)>;

/// A box that shrinks where there is little room.
QComboBox* makeCompareBox(const char* name, const QString& accessible, const QString& tip);

} // namespace ember

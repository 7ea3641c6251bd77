#pragma once
// inspect_model()'s report as a tree of lines.

#include <QString>

#include <nlohmann/json.hpp>

class QTreeWidget;

namespace ember {

/// "input_dim" → "Input dim".
QString readableKey(const std::string& key);
/// A number with separators, text as it is, yes or no, short lists joined; "3 entries" for the rest.
QString readableValue(const nlohmann::json& value);

/// Fills a tree of two columns: dimensions and options open, configuration, hyper-parameters and tensors
/// closed.
void fillModelReport(QTreeWidget& tree, const nlohmann::json& report);

/// "ST run directory · 1,234,567 parameters · reads 500 values per cell (X_hvg), predicts 500".
QString modelSummary(const nlohmann::json& report);

} // namespace ember

#pragma once
// What the comparison says of each model, a line each; all of it in the tooltip.

#include <vector>

#include <QIcon>
#include <QString>
#include <QStringList>
#include <QWidget>

#include "core/evaluation/compare.hpp"

class QVBoxLayout;

namespace ember {

struct VerdictLine {
    Severity severity = Severity::note;
    QString text, details;
};

/// Whether each model predicts the change, with its blind spots; `details` is everything about it.
std::vector<VerdictLine> verdictLines(const CompareResult& result);

/// Titles of the blind spots: "st_wound is blind to Burn in Mac".
QStringList blindSpots(const CompareResult& result);

class VerdictLines : public QWidget {
    Q_OBJECT
public:
    explicit VerdictLines(QWidget* parent = nullptr);
    void setLines(const std::vector<VerdictLine>& lines);
    /// As many muted lines as there will be verdicts, so that nothing moves when they come; the first says
    /// this.
    void setText(const QString& text, int lines);
    QStringList texts() const;

private:
    void clear();
    void add(const QIcon& icon, const QString& text, const QString& details, bool muted);
    QVBoxLayout* rows_ = nullptr;
};

} // namespace ember

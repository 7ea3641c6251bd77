#pragma once
// What is typed into a table's filter field, understood.

#include <optional>
#include <vector>

#include <QString>
#include <QStringList>

namespace ember {

/// Terms separated by spaces; all must hold. "burn" is found in any column, "condition:burn" in one,
/// "n_genes>500" (also < >= <= =) compares numbers or, with "=", whole texts. Case does not matter; quotes
/// keep spaces together.
struct FilterTerm {
    enum class Kind { contains, equals, less, lessEqual, greater, greaterEqual };
    QString column; ///< empty: any
    Kind kind = Kind::contains;
    QString text;
    double number = 0; ///< of comparisons and numeric equality; NaN when `text` is no number
    bool operator==(const FilterTerm&) const = default;
};

struct RowFilter {
    std::vector<FilterTerm> terms;
    QString error; ///< why the text cannot be understood; empty when it can
    bool isEmpty() const { return terms.empty(); }
};

/// `columns` are the names that may stand before an operator; an unknown one is an error that says so.
RowFilter parseRowFilter(const QString& text, const QStringList& columns);

bool matches(const FilterTerm& term, const QString& text);
bool matches(const FilterTerm& term, double number);

} // namespace ember

#include "widgets/row_filter.hpp"

#include <cmath>
#include <limits>

#include <QCoreApplication>

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::RowFilter", text);
}

/// Splits at spaces outside quotes; the quotes themselves go.
QStringList words(const QString& text) {
    QStringList found;
    QString word;
    bool quoted = false, any = false;
    for (const QChar c : text) {
        if (c == QLatin1Char('"')) {
            quoted = !quoted;
            any = true;
        } else if (c.isSpace() && !quoted) {
            if (any)
                found << word;
            word.clear();
            any = false;
        } else {
            word += c;
            any = true;
        }
    }
    if (any)
        found << word;
    return found;
}

struct Operator {
    const char* text;
    FilterTerm::Kind kind;
};

constexpr Operator operators[] = {{">=", FilterTerm::Kind::greaterEqual}, {"<=", FilterTerm::Kind::lessEqual},
                                  {">", FilterTerm::Kind::greater},       {"<", FilterTerm::Kind::less},
                                  {"=", FilterTerm::Kind::equals},        {":", FilterTerm::Kind::contains}};

/// The operator that stands first; of two at the same place the longer one.
const Operator* firstOperator(const QString& word, qsizetype& at) {
    const Operator* best = nullptr;
    at = -1;
    for (const Operator& candidate : operators) {
        const qsizetype place = word.indexOf(QLatin1String(candidate.text));
        if (place > 0 && (at < 0 || place < at)) {
            at = place;
            best = &candidate;
        }
    }
    return best;
}

QString columnNamed(const QString& name, const QStringList& columns) {
    for (const QString& column : columns) {
        if (column.compare(name, Qt::CaseInsensitive) == 0)
            return column;
    }
    return {};
}

bool isComparison(FilterTerm::Kind kind) {
    return kind != FilterTerm::Kind::contains && kind != FilterTerm::Kind::equals;
}

double numberIn(const QString& text) {
    bool ok = false;
    const double number = text.toDouble(&ok);
    return ok ? number : std::numeric_limits<double>::quiet_NaN();
}

} // namespace

RowFilter parseRowFilter(const QString& text, const QStringList& columns) {
    RowFilter filter;
    for (const QString& word : words(text)) {
        qsizetype at = -1;
        const Operator* found = firstOperator(word, at);
        const QString column = found == nullptr ? QString() : columnNamed(word.left(at), columns);
        if (column.isEmpty()) {
            // "10:30" is a text to look for, "ages>3" is a column misspelt.
            if (found != nullptr && isComparison(found->kind)) {
                filter.error = tr("There is no column “%1”.").arg(word.left(at));
                continue;
            }
            filter.terms.push_back({{}, FilterTerm::Kind::contains, word, numberIn(word)});
            continue;
        }
        const QString value = word.mid(at + static_cast<qsizetype>(qstrlen(found->text)));
        FilterTerm term{column, found->kind, value, numberIn(value)};
        if (isComparison(found->kind) && std::isnan(term.number)) {
            filter.error = value.isEmpty() ? tr("Type a number after “%1”.").arg(word)
                                           : tr("“%1” is not a number.").arg(value);
            continue;
        }
        filter.terms.push_back(std::move(term));
    }
    return filter;
}

bool matches(const FilterTerm& term, const QString& text) {
    if (term.kind == FilterTerm::Kind::contains)
        return text.contains(term.text, Qt::CaseInsensitive);
    return term.kind == FilterTerm::Kind::equals && text.compare(term.text, Qt::CaseInsensitive) == 0;
}

bool matches(const FilterTerm& term, double number) {
    switch (term.kind) {
    case FilterTerm::Kind::less:
        return number < term.number;
    case FilterTerm::Kind::lessEqual:
        return number <= term.number;
    case FilterTerm::Kind::greater:
        return number > term.number;
    case FilterTerm::Kind::greaterEqual:
        return number >= term.number;
    case FilterTerm::Kind::equals:
        return number == term.number;
    case FilterTerm::Kind::contains:
        break;
    }
    return false;
}

} // namespace ember

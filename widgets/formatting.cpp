#include "widgets/formatting.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <QCoreApplication>
#include <QStringList>

namespace ember {

namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("ember::Formatting", text);
}

/// Puts a comma between every three digits of the whole part.
QString grouped(QString digits) {
    const qsizetype point = digits.indexOf(QLatin1Char('.'));
    for (qsizetype place = (point < 0 ? digits.size() : point) - 3; place > 0; place -= 3)
        digits.insert(place, QLatin1Char(','));
    return digits;
}

QString superscript(int number) {
    static const std::array<char16_t, 10> figures = {u'⁰', u'¹', u'²', u'³', u'⁴',
                                                     u'⁵', u'⁶', u'⁷', u'⁸', u'⁹'};
    QString text;
    for (const QChar figure : QString::number(std::abs(number)))
        text += QChar(figures[static_cast<std::size_t>(figure.digitValue())]);
    return number < 0 ? QChar(u'⁻') + text : text;
}

QString withoutTrailingZeros(QString text) {
    if (!text.contains(QLatin1Char('.')))
        return text;
    while (text.endsWith(QLatin1Char('0')))
        text.chop(1);
    if (text.endsWith(QLatin1Char('.')))
        text.chop(1);
    return text;
}

} // namespace

QString formatCount(std::int64_t count) {
    const QString digits = QString::number(count);
    return count < 0 ? QChar(u'−') + grouped(digits.mid(1)) : grouped(digits);
}

QString formatCount(std::int64_t count, const QString& singular, const QString& plural) {
    return formatCount(count) + QChar(u'\u00a0') + (count == 1 ? singular : plural);
}

namespace {

QString rounded(double value, int figures, bool keepZeros) {
    if (std::isnan(value))
        return QStringLiteral("–");
    if (std::isinf(value))
        return value > 0 ? QStringLiteral("∞") : QStringLiteral("−∞");
    if (value == 0)
        return QStringLiteral("0");
    const auto shown = [keepZeros](const QString& text) {
        return keepZeros ? text : withoutTrailingZeros(text);
    };
    const QString sign = value < 0 ? QString(QChar(u'−')) : QString();
    // The exponent after rounding, so that 9999.6 is seen as 1×10⁴.
    const QString scientific = QString::number(std::fabs(value), 'e', figures - 1);
    const qsizetype at = scientific.indexOf(QLatin1Char('e'));
    const int exponent = scientific.mid(at + 1).toInt();
    if (exponent < -4 || exponent > 8) {
        return sign + shown(scientific.left(at)) + QStringLiteral("×10") + superscript(exponent);
    }
    const int decimals = std::max(0, figures - 1 - exponent);
    return sign + grouped(shown(QString::number(scientific.toDouble(), 'f', decimals)));
}

} // namespace

QString formatNumber(double value, int figures) {
    return rounded(value, figures, false);
}

QString formatInColumn(double value, int figures) {
    return rounded(value, figures, true);
}

QString formatExact(double value) {
    if (std::isnan(value))
        return QStringLiteral("nan");
    if (std::isinf(value))
        return value > 0 ? QStringLiteral("inf") : QStringLiteral("-inf");
    std::array<char, 40> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    return QString::fromLatin1(buffer.data(), end.ptr - buffer.data());
}

QString formatPercent(double share) {
    if (!std::isfinite(share))
        return QStringLiteral("–");
    const double percent = share * 100;
    if (percent > 0 && percent < 0.1)
        return QStringLiteral("< 0.1\u00a0%");
    if (percent < 100 && percent > 99.9)
        return QStringLiteral("> 99.9\u00a0%");
    return formatNumber(std::round(percent * 10) / 10) + QStringLiteral("\u00a0%");
}

QString formatPercentInColumn(double share) {
    const double percent = share * 100;
    const bool between = percent >= 0.1 && percent <= 99.9;
    return between ? QString::number(percent, 'f', 1) + QStringLiteral("\u00a0%") : formatPercent(share);
}

QString formatBytes(std::uint64_t bytes) {
    if (bytes < 1000)
        return bytes == 1 ? tr("1\u00a0byte") : tr("%1\u00a0bytes").arg(bytes);
    static const std::array<const char*, 5> units = {"kB", "MB", "GB", "TB", "PB"};
    double value = static_cast<double>(bytes) / 1000;
    std::size_t unit = 0;
    while (value >= 999.5 && unit + 1 < units.size()) {
        value /= 1000;
        ++unit;
    }
    return formatNumber(value, 3) + QChar(u'\u00a0') + QLatin1String(units[unit]);
}

QString formatDuration(double seconds) {
    if (!std::isfinite(seconds) || seconds < 0)
        return QStringLiteral("–");
    if (seconds < 9.95)
        return tr("%1\u00a0s").arg(QString::number(std::round(seconds * 10) / 10));
    const auto whole = static_cast<std::int64_t>(std::llround(seconds));
    const auto two = [](std::int64_t big, const QString& bigUnit, std::int64_t small,
                        const QString& smallUnit) {
        const QString first = QStringLiteral("%1\u00a0%2").arg(big).arg(bigUnit);
        return small == 0 ? first : first + QStringLiteral(" %1\u00a0%2").arg(small).arg(smallUnit);
    };
    if (whole < 60)
        return tr("%1\u00a0s").arg(whole);
    if (whole < 3600)
        return two(whole / 60, tr("min"), whole % 60, tr("s"));
    if (whole < 86400)
        return two(whole / 3600, tr("h"), whole % 3600 / 60, tr("min"));
    return two(whole / 86400, tr("d"), whole % 86400 / 3600, tr("h"));
}

QString formatTimeLeft(double seconds) {
    if (!(seconds >= 0))
        return {};
    // A tenth of a second of an estimate would only flicker.
    return tr("%1 left").arg(formatDuration(seconds < 9.95 ? std::ceil(seconds) : seconds));
}

QString formatShape(std::uint64_t rows, std::uint64_t cols) {
    return QStringLiteral("%1\u00a0×\u00a0%2")
        .arg(formatCount(static_cast<std::int64_t>(rows)), formatCount(static_cast<std::int64_t>(cols)));
}

} // namespace ember

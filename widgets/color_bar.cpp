#include "widgets/color_bar.hpp"

#include <algorithm>
#include <cmath>

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QSignalBlocker>
#include <QToolButton>
#include <QVBoxLayout>

#include "widgets/formatting.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

constexpr int histogramBins = 48;

template<typename Widget>
Widget* named(Widget* widget, const char* name, const QString& accessible) {
    widget->setObjectName(QLatin1String(name));
    widget->setAccessibleName(accessible);
    return widget;
}

/// Number typed by a person: thousands separators, a true minus sign and powers of ten are understood.
bool parse(QString text, double& value) {
    text.remove(QLatin1Char(',')).replace(QChar(0x2212), QLatin1Char('-'));
    bool valid = false;
    value = QLocale::c().toDouble(text.trimmed(), &valid);
    return valid && std::isfinite(value);
}

/// Square roots of the shares, so that rare values are seen beside the many zeros of expression data.
std::vector<double> histogramOf(const std::vector<float>& values, const ValueRange& whole) {
    std::vector<double> shares(histogramBins);
    for (const float value : values) {
        if (std::isfinite(value)) {
            const double place = (value - whole.low) / (whole.high - whole.low) * histogramBins;
            ++shares[static_cast<std::size_t>(std::clamp(place, 0.0, histogramBins - 1.0))];
        }
    }
    const double most = std::max(1.0, *std::max_element(shares.begin(), shares.end()));
    for (double& share : shares)
        share = std::sqrt(share / most);
    return shares;
}

} // namespace

ColorBar::ColorBar(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("colorBar"));
    setAccessibleName(tr("Colour bar"));
    title_ = new QLabel(this);
    title_->setObjectName(QStringLiteral("colorBarTitle"));
    title_->setTextFormat(Qt::PlainText);
    title_->setWordWrap(true);
    setRole(title_, "heading");
    missing_ = new QLabel(this);
    missing_->setObjectName(QStringLiteral("colorBarMissing"));
    missing_->setWordWrap(true);
    setRole(missing_, "muted");
    map_ = named(new QComboBox(this), "colorMap", tr("Colour map"));
    for (const ColorMap map : colorMaps()) {
        map_->addItem(colorMapLabel(map), static_cast<int>(map));
    }
    map_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    high_ = named(new QLineEdit(this), "colorHigh", tr("Highest coloured value"));
    low_ = named(new QLineEdit(this), "colorLow", tr("Lowest coloured value"));
    slider_ = new ColorRangeSlider(this);
    percentiles_ =
        named(new QToolButton(this), "colorPercentiles", tr("From the 1st to the 99th percentile"));
    percentiles_->setText(tr("1–99 %"));
    percentiles_->setToolTip(percentiles_->accessibleName());
    extremes_ = named(new QToolButton(this), "colorExtremes", tr("From the lowest to the highest value"));
    extremes_->setText(tr("Full range"));
    extremes_->setToolTip(extremes_->accessibleName());

    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(2);
    buttons->addWidget(percentiles_);
    buttons->addWidget(extremes_);
    buttons->addStretch();
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(6, 4, 6, 4);
    layout->setSpacing(4);
    layout->addWidget(title_);
    layout->addWidget(map_);
    layout->addWidget(high_);
    layout->addWidget(slider_, 1);
    layout->addWidget(low_);
    layout->addLayout(buttons);
    layout->addWidget(missing_);

    connect(map_, &QComboBox::activated, this, [this] {
        colors_.map = static_cast<ColorMap>(map_->currentData().toInt());
        if (colors_.map == ColorMap::diverging) {
            const double far = std::max(std::fabs(colors_.low), std::fabs(colors_.high));
            edit(-far, far);
        } else if (known_) { // the symmetric range of the diverging map would waste half of another
            edit(std::max(colors_.low, whole_.low), std::min(colors_.high, whole_.high));
        }
    });
    connect(slider_, &ColorRangeSlider::moved, this, [this](double low, double high) {
        colors_.low = low;
        colors_.high = high;
        refresh();
        emit previewed(colors_);
    });
    connect(slider_, &ColorRangeSlider::released, this, &ColorBar::edit);
    for (QLineEdit* field : {low_, high_})
        connect(field, &QLineEdit::editingFinished, this, &ColorBar::editText);
    connect(percentiles_, &QToolButton::clicked, this, [this] { usePercentiles(1, 99); });
    connect(extremes_, &QToolButton::clicked, this, [this] { usePercentiles(0, 100); });
}

void ColorBar::setColors(const PointColors& colors) {
    colors_ = colors;
    if (colors.values && colors.values != known_) {
        known_ = colors.values;
        whole_ = valueRange(*known_, 0, 100);
        histogramRange_ = {};
        const auto missing =
            std::count_if(known_->begin(), known_->end(), [](float v) { return !std::isfinite(v); });
        missing_->setText(
            tr("Grey: %1 without a value").arg(formatCount(missing, tr("point"), tr("points"))));
        missing_->setVisible(missing > 0);
    }
    title_->setText(colors.title);
    title_->setVisible(!colors.title.isEmpty());
    setAccessibleName(colors.title.isEmpty() ? tr("Colour bar") : tr("Colour bar: %1").arg(colors.title));
    refresh();
}

void ColorBar::refresh() {
    map_->setCurrentIndex(map_->findData(static_cast<int>(colors_.map)));
    const QSignalBlocker quietLow(low_), quietHigh(high_);
    low_->setText(formatNumber(colors_.low));
    high_->setText(formatNumber(colors_.high));
    ValueRange whole = whole_;
    if (colors_.map == ColorMap::diverging) {
        const double far = std::max(std::fabs(whole.low), std::fabs(whole.high));
        whole = {-far, far};
    }
    slider_->setRange(whole, {colors_.low, colors_.high}, colors_.map);
    if (known_ && !(whole == histogramRange_)) {
        histogramRange_ = whole;
        slider_->setHistogram(histogramOf(*known_, whole));
    }
}

void ColorBar::edit(double low, double high) {
    if (!(low < high))
        return;
    colors_.low = low;
    colors_.high = high;
    refresh();
    emit edited(colors_);
}

void ColorBar::editText() {
    double low = 0, high = 0;
    const bool lowTyped = low_->isModified(), highTyped = high_->isModified();
    if (!lowTyped && !highTyped)
        return;
    const bool valid = parse(low_->text(), low) && parse(high_->text(), high);
    low_->setModified(false);
    high_->setModified(false);
    // What was not typed keeps all its digits.
    if (valid && !lowTyped)
        low = colors_.map == ColorMap::diverging ? -high : colors_.low;
    if (valid && !highTyped)
        high = colors_.map == ColorMap::diverging ? -low : colors_.high;
    if (valid && low < high)
        edit(low, high);
    else
        refresh();
}

void ColorBar::usePercentiles(double low, double high) {
    if (!known_)
        return;
    const ValueRange range = valueRange(*known_, low, high, colors_.map == ColorMap::diverging);
    edit(range.low, range.high);
}

QSize ColorBar::sizeHint() const {
    return {lengthInEms(this, 11), lengthInEms(this, 18)};
}

} // namespace ember

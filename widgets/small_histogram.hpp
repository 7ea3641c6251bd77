#pragma once
// A histogram the size of a few lines of text, with its range below.

#include <QString>
#include <QWidget>

#include "widgets/histogram_data.hpp"

namespace ember {

/// Draws the first series. Hovering a bar tells its range and count. Object name "smallHistogram".
class SmallHistogram : public QWidget {
    Q_OBJECT
public:
    explicit SmallHistogram(QWidget* parent = nullptr);
    void setData(HistogramData data);
    const HistogramData& data() const { return data_; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    QRectF barArea() const;
    HistogramData data_;
};

} // namespace ember

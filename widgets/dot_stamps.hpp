#pragma once
// Many smooth dots of one size into an image, fast; the same bytes for the same points.

#include <cstdint>
#include <vector>

#include <QColor>
#include <QImage>
#include <QPointF>

namespace ember {

class DotStamps {
public:
    /// Premultiplied images only. `diameter` in pixels.
    DotStamps(QImage& image, double diameter);
    /// The colour's alpha counts; parts beyond the image are left out.
    void stamp(const QPointF& center, const QColor& color);

private:
    static constexpr int phases = 4; ///< places within a pixel, each way
    QImage& image_;
    int size_ = 0;                        ///< pixels of a mask's side
    std::vector<std::uint8_t> coverages_; ///< [phases × phases × size × size]
};

} // namespace ember

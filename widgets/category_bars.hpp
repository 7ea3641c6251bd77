#pragma once
// Categories of a column as small horizontal bars with label and count.

#include <cstdint>
#include <vector>

#include <QColor>
#include <QString>
#include <QWidget>

namespace ember {

struct CategoryBar {
    QString label;
    std::uint64_t count = 0;
    QColor color; ///< invalid: neutral
};

/// Bars scaled to the largest count. Shows the first `maximumRows` and says how many more there are; a click
/// on that line shows all. Object name "categoryBars"; the accessible description lists the counts.
class CategoryBars : public QWidget {
    Q_OBJECT
public:
    explicit CategoryBars(QWidget* parent = nullptr);
    void setBars(std::vector<CategoryBar> bars);
    const std::vector<CategoryBar>& bars() const { return bars_; }
    void setMaximumRows(int rows); ///< 8 by default
    void setExpanded(bool expanded);
    bool isExpanded() const { return expanded_; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

signals:
    void categoryClicked(const QString& label);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    int rowHeight() const;
    int shownRows() const;
    bool hasMoreLine() const;
    int rowAt(const QPoint& place) const;
    std::vector<CategoryBar> bars_;
    int maximumRows_ = 8;
    bool expanded_ = false;
};

} // namespace ember

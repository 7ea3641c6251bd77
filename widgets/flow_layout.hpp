#pragma once
// Lays children out in lines, as many in each as fit, all of one width: cards of columns.

#include <vector>

#include <QLayout>

namespace ember {

class FlowLayout : public QLayout {
public:
    /// `minimumEms`: smallest width of a child in heights of a line; children grow to fill the line.
    explicit FlowLayout(QWidget* parent = nullptr, double minimumEms = 16);
    ~FlowLayout() override;

    void addItem(QLayoutItem* item) override;
    int count() const override { return static_cast<int>(items_.size()); }
    QLayoutItem* itemAt(int index) const override;
    QLayoutItem* takeAt(int index) override;
    Qt::Orientations expandingDirections() const override { return {}; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSize() const override;
    void setGeometry(const QRect& rect) override;

private:
    int arrange(const QRect& rect, bool apply) const;
    int minimumWidth() const;
    std::vector<QLayoutItem*> items_;
    double minimumEms_;
};

} // namespace ember

#pragma once
// The matrices of a file: shape, encoding, type, sparsity, size, compression.

#include <QTableView>

#include "views/dataset/file_overview.hpp"

class QStandardItemModel;

namespace ember {

/// As high as its rows. Object name "matrixTable".
class MatrixTable : public QTableView {
    Q_OBJECT
public:
    explicit MatrixTable(QWidget* parent = nullptr);
    void setMatrices(const std::vector<MatrixLine>& matrices);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    QStandardItemModel* model_;
};

} // namespace ember

#pragma once
// Asks how a figure is saved: format, size in mm, resolution, path.

#include <QDialog>

#include "widgets/figure_export.hpp"

class QComboBox;
class QDoubleSpinBox;
class QLineEdit;
class QSpinBox;

namespace ember {

class SaveFigureDialog : public QDialog {
    Q_OBJECT
public:
    SaveFigureDialog(const QString& figureName, QWidget* parent = nullptr);
    /// Proposed and least size in mm.
    void setSize(const QSizeF& proposed, const QSizeF& least);
    QString path() const;
    FigureOptions options() const;

private:
    void browse();
    void formatChanged();
    QComboBox* format_ = nullptr;
    QDoubleSpinBox *width_ = nullptr, *height_ = nullptr;
    QSpinBox* dpi_ = nullptr;
    QLineEdit* path_ = nullptr;
};

} // namespace ember

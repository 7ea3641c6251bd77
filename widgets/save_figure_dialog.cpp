#include "widgets/save_figure_dialog.hpp"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSpinBox>
#include <QStandardPaths>
#include <QVBoxLayout>

#include "widgets/theme.hpp"

namespace ember {

namespace {

template<typename Widget>
Widget* named(Widget* widget, const char* name, const QString& accessible) {
    widget->setObjectName(QLatin1String(name));
    widget->setAccessibleName(accessible);
    return widget;
}

QDoubleSpinBox* millimetres(double value, const char* name, const QString& accessible, QWidget* parent) {
    auto* box = named(new QDoubleSpinBox(parent), name, accessible);
    box->setRange(20, 1000);
    box->setDecimals(0);
    box->setValue(value);
    box->setSuffix(QStringLiteral("\u00a0mm"));
    return box;
}

} // namespace

SaveFigureDialog::SaveFigureDialog(const QString& figureName, QWidget* parent) : QDialog(parent) {
    setObjectName(QStringLiteral("saveFigureDialog"));
    setWindowTitle(tr("Save figure"));
    format_ = named(new QComboBox(this), "figureFormat", tr("Format"));
    format_->addItem(tr("PNG (pixels)"), QStringLiteral("png"));
    format_->addItem(tr("SVG (vector)"), QStringLiteral("svg"));
    format_->addItem(tr("PDF (vector)"), QStringLiteral("pdf"));
    const FigureOptions defaults;
    width_ = millimetres(defaults.size_mm.width(), "figureWidth", tr("Width"), this);
    height_ = millimetres(defaults.size_mm.height(), "figureHeight", tr("Height"), this);
    dpi_ = named(new QSpinBox(this), "figureDpi", tr("Resolution"));
    dpi_->setRange(72, 1200);
    dpi_->setValue(defaults.dpi);
    dpi_->setSuffix(tr("\u00a0dpi"));
    path_ = named(new QLineEdit(this), "figurePath", tr("File"));
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::PicturesLocation);
    path_->setText(QDir(QFileInfo(folder).isDir() ? folder : QDir::homePath())
                       .filePath(figureName + QStringLiteral(".png")));
    path_->setMinimumWidth(lengthInEms(this, 22));
    auto* browse = named(new QPushButton(tr("Browse…"), this), "figureBrowse", tr("Choose the file"));
    browse->setAutoDefault(false);

    auto* file = new QHBoxLayout;
    file->addWidget(path_, 1);
    file->addWidget(browse);
    auto* size = new QHBoxLayout;
    size->addWidget(width_);
    size->addWidget(new QLabel(QStringLiteral("×"), this));
    size->addWidget(height_);
    size->addStretch();
    auto* form = new QFormLayout;
    form->addRow(tr("Format"), format_);
    form->addRow(tr("Size"), size);
    form->addRow(tr("Resolution"), dpi_);
    form->addRow(tr("File"), file);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel, this);
    named(buttons->button(QDialogButtonBox::Save), "figureSave", tr("Save"));
    named(buttons->button(QDialogButtonBox::Cancel), "figureCancel", tr("Cancel"));
    auto* column = new QVBoxLayout(this);
    column->addLayout(form);
    column->addWidget(buttons);

    connect(format_, &QComboBox::currentIndexChanged, this, &SaveFigureDialog::formatChanged);
    connect(browse, &QPushButton::clicked, this, &SaveFigureDialog::browse);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        const QString text = tr("“%1” exists. Replace it?").arg(QFileInfo(path()).fileName());
        if (!QFileInfo::exists(path()) ||
            QMessageBox::question(this, windowTitle(), text) == QMessageBox::Yes)
            accept();
    });
    connect(path_, &QLineEdit::textChanged, this, [buttons](const QString& text) {
        buttons->button(QDialogButtonBox::Save)->setEnabled(!text.trimmed().isEmpty());
    });
}

void SaveFigureDialog::setSize(const QSizeF& proposed, const QSizeF& least) {
    width_->setMinimum(least.width());
    height_->setMinimum(least.height());
    width_->setValue(proposed.width());
    height_->setValue(proposed.height());
}

QString SaveFigureDialog::path() const {
    const QString path = path_->text().trimmed();
    const QString ending = format_->currentData().toString();
    return QFileInfo(path).suffix().toLower() == ending ? path : path + QLatin1Char('.') + ending;
}

FigureOptions SaveFigureDialog::options() const {
    FigureOptions options;
    options.size_mm = {width_->value(), height_->value()};
    options.dpi = dpi_->value();
    return options;
}

void SaveFigureDialog::browse() {
    const QString ending = format_->currentData().toString();
    const QString chosen = QFileDialog::getSaveFileName(
        this, windowTitle(), path(), QStringLiteral("%1 (*.%2)").arg(ending.toUpper(), ending), nullptr,
        QFileDialog::DontConfirmOverwrite);
    if (!chosen.isEmpty())
        path_->setText(chosen);
}

void SaveFigureDialog::formatChanged() {
    const QFileInfo file(path_->text());
    path_->setText(
        QDir(file.path())
            .filePath(file.completeBaseName() + QLatin1Char('.') + format_->currentData().toString()));
    dpi_->setEnabled(format_->currentData().toString() == QLatin1String("png"));
}

} // namespace ember

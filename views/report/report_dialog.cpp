#include "views/report/report_dialog.hpp"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QPushButton>
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

QString withoutEnding(const QString& path) {
    const QString ending = QFileInfo(path).suffix().toLower();
    return ending == "html" || ending == "pdf" ? path.left(path.size() - ending.size() - 1) : path;
}

} // namespace

ReportDialog::ReportDialog(const Workspace& workspace, QWidget* parent)
    : QDialog(parent), workspace_(workspace) {
    setObjectName(QStringLiteral("reportDialog"));
    setWindowTitle(tr("Report on predictions"));
    build();
    fill();
    check();
}

void ReportDialog::build() {
    real_ = named(new QComboBox(this), "reportReal", tr("Real cells"));
    predictions_ = named(new QListWidget(this), "reportPredictions", tr("Predictions"));
    predictions_->setMaximumHeight(lengthInEms(this, 9));
    html_ = named(new QCheckBox(tr("HTML"), this), "reportHtml", tr("Write HTML"));
    pdf_ = named(new QCheckBox(tr("PDF"), this), "reportPdf", tr("Write PDF"));
    html_->setChecked(true);
    pdf_->setChecked(true);
    path_ = named(new QLineEdit(this), "reportPath", tr("File"));
    path_->setMinimumWidth(lengthInEms(this, 24));
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    path_->setText(QDir(QFileInfo(folder).isDir() ? folder : QDir::homePath()).filePath("report"));
    auto* browse = named(new QPushButton(tr("Browse…"), this), "reportBrowse", tr("Choose the file"));
    browse->setAutoDefault(false);
    hint_ = named(new QLabel(this), "reportHint", tr("What is missing"));
    hint_->setWordWrap(true);
    setRole(hint_, "muted");

    auto* file = new QHBoxLayout;
    file->addWidget(path_, 1);
    file->addWidget(browse);
    auto* formats = new QHBoxLayout;
    formats->addWidget(html_);
    formats->addWidget(pdf_);
    formats->addStretch();
    auto* form = new QFormLayout;
    form->addRow(tr("Real cells"), real_);
    form->addRow(tr("Predictions"), predictions_);
    form->addRow(tr("Write"), formats);
    form->addRow(tr("File"), file);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel, this);
    write_ = named(buttons->button(QDialogButtonBox::Save), "reportWrite", tr("Write report"));
    write_->setText(tr("Write report"));
    named(buttons->button(QDialogButtonBox::Cancel), "reportCancel", tr("Cancel"));
    auto* column = new QVBoxLayout(this);
    column->addLayout(form);
    column->addWidget(hint_);
    column->addWidget(buttons);

    connect(browse, &QPushButton::clicked, this, &ReportDialog::browse);
    connect(real_, &QComboBox::currentIndexChanged, this, &ReportDialog::tickThoseOfReal);
    connect(predictions_, &QListWidget::itemChanged, this, &ReportDialog::check);
    for (QCheckBox* box : {html_, pdf_}) {
        connect(box, &QCheckBox::toggled, this, &ReportDialog::check);
    }
    connect(path_, &QLineEdit::textChanged, this, &ReportDialog::check);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        QStringList there;
        for (const QString& path : paths()) {
            if (QFileInfo::exists(path)) {
                there << QFileInfo(path).fileName();
            }
        }
        if (there.isEmpty() ||
            QMessageBox::question(this, windowTitle(),
                                  tr("%1: replace what is there?").arg(there.join(", "))) ==
                QMessageBox::Yes) {
            accept();
        }
    });
}

void ReportDialog::fill() {
    const QSignalBlocker quiet(real_);
    for (const DatasetDocument* data : workspace_.datasets()) {
        real_->addItem(data->name, data->id);
    }
    for (const PredictionDocument* prediction : workspace_.predictions()) {
        auto* item = new QListWidgetItem(prediction->name, predictions_);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsUserCheckable | Qt::ItemIsSelectable);
        item->setData(Qt::UserRole, prediction->id);
        item->setToolTip(prediction->output.path);
    }
    // The data set that most predictions were made from.
    int best = 0, most = -1;
    for (int row = 0; row < real_->count(); ++row) {
        const DatasetDocument* data = workspace_.dataset(real_->itemData(row).toInt());
        int count = 0;
        for (const PredictionDocument* prediction : workspace_.predictions()) {
            count += data != nullptr && prediction->output.cells == data->cells ? 1 : 0;
        }
        if (count > most) {
            most = count;
            best = row;
        }
    }
    real_->setCurrentIndex(real_->count() > 0 ? best : -1);
    tickThoseOfReal();
}

void ReportDialog::tickThoseOfReal() {
    const DatasetDocument* data = workspace_.dataset(real());
    std::size_t ticked = 0;
    for (int row = 0; row < predictions_->count(); ++row) {
        QListWidgetItem* item = predictions_->item(row);
        const PredictionDocument* prediction = workspace_.prediction(item->data(Qt::UserRole).toInt());
        const bool same = data != nullptr && prediction != nullptr &&
                          prediction->output.cells == data->cells && ticked < most_models;
        item->setCheckState(same ? Qt::Checked : Qt::Unchecked);
        ticked += same ? 1 : 0;
    }
    check();
}

void ReportDialog::check() {
    const std::size_t count = predictions().size();
    const QString missing = real() == 0                  ? tr("Open the data set with the real cells first.")
                            : predictions_->count() == 0 ? tr("Predict first: there is no prediction open.")
                            : count == 0                 ? tr("Tick one to four predictions.")
                            : count > most_models        ? tr("At most four predictions can be compared.")
                            : paths().isEmpty()          ? tr("Choose HTML, PDF or both, and a file.")
                                                         : QString();
    hint_->setText(missing.isEmpty()
                       ? tr("Verdicts with their tests, metrics, figures, tables, methods and provenance.")
                       : missing);
    write_->setEnabled(missing.isEmpty());
}

void ReportDialog::browse() {
    const QString chosen = QFileDialog::getSaveFileName(this, windowTitle(), path_->text(), {}, nullptr,
                                                        QFileDialog::DontConfirmOverwrite);
    if (!chosen.isEmpty()) {
        path_->setText(withoutEnding(chosen));
    }
}

std::vector<int> ReportDialog::predictions() const {
    std::vector<int> ids;
    for (int row = 0; row < predictions_->count(); ++row) {
        if (predictions_->item(row)->checkState() == Qt::Checked) {
            ids.push_back(predictions_->item(row)->data(Qt::UserRole).toInt());
        }
    }
    return ids;
}

int ReportDialog::real() const {
    return real_->currentIndex() < 0 ? 0 : real_->currentData().toInt();
}

QStringList ReportDialog::paths() const {
    const QString base = withoutEnding(path_->text().trimmed());
    QStringList paths;
    if (!base.isEmpty() && !base.endsWith('/')) {
        for (const auto& [box, ending] : {std::pair(html_, ".html"), std::pair(pdf_, ".pdf")}) {
            if (box->isChecked()) {
                paths << base + ending;
            }
        }
    }
    return paths;
}

} // namespace ember

#include "views/dataset/dataset_view.hpp"

#include <QFileDialog>
#include <QJsonObject>
#include <QLineEdit>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

#include "views/dataset/cell_columns.hpp"
#include "views/dataset/dataset_header.hpp"
#include "views/dataset/dataset_loader.hpp"
#include "views/dataset/overview_page.hpp"
#include "views/selections.hpp"
#include "widgets/cell_table.hpp"
#include "widgets/empty_state.hpp"
#include "widgets/icon.hpp"

namespace ember {

namespace {

const ViewRegistration registration{
    {"dataset",
     QT_TRANSLATE_NOOP("ember::View", "Dataset"),
     "server-database",
     10,
     {DocumentKind::dataset, DocumentKind::prediction},
     [](Workspace& workspace, QWidget* parent) -> View* { return new DatasetView(workspace, parent); }}};

} // namespace

DatasetView::DatasetView(Workspace& workspace, QWidget* parent) : View(parent), workspace_(workspace) {
    setObjectName(QStringLiteral("datasetView"));
    setAccessibleName(tr("Dataset"));
    empty_ = new EmptyState(
        QStringLiteral("server-database"), tr("No data set is open"),
        tr("Open an .h5ad or a 10x .h5 file, or drop it here, to see its cells, genes and columns."),
        tr("Open a file…"), this);
    header_ = new DatasetHeader(this);
    overview_ = new OverviewPage(this);
    cells_ = new CellTable(this);
    cells_->setContentsMargins(16, 10, 16, 12);
    tabs_ = new QTabWidget(this);
    tabs_->setObjectName(QStringLiteral("datasetTabs"));
    tabs_->setAccessibleName(tr("Parts of the data set"));
    tabs_->tabBar()->setAccessibleName(tr("Parts of the data set"));
    tabs_->setDocumentMode(true);
    tabs_->addTab(overview_, icon(QStringLiteral("view-list-details")), tr("Overview"));
    tabs_->addTab(cells_, icon(QStringLiteral("table")), tr("Cells"));

    auto* page = new QWidget(this);
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(header_);
    column->addWidget(tabs_, 1);
    pages_ = new QStackedWidget(this);
    pages_->addWidget(empty_);
    pages_->addWidget(page);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(pages_);

    connect(empty_, &EmptyState::triggered, this, &DatasetView::openFile);
    connect(header_, &DatasetHeader::predictClicked, this,
            [this] { workspace_.askToPredict(document_, {}); });
    connect(overview_, &OverviewPage::schemaChosen, this,
            [this](const Schema& schema) { workspace_.setSchema(document_, schema); });
    connect(cells_->model(), &CellTableModel::columnNeeded, this, [this](int index) {
        if (loader_ != nullptr)
            loader_->readCells(index);
    });
    connect(&workspace_, &Workspace::documentChanged, this, [this](DocumentRef changed) {
        const DatasetDocument* data = changed == document_ ? workspace_.dataOf(changed) : nullptr;
        if (data != nullptr)
            overview_->setSchema(data->schema);
    });
    connect(cells_, &CellTable::cellsSelected, this, [this](const CellSelection& cells, SelectionMode mode) {
        workspace_.selections().change(document_, cells, mode);
    });
    connect(&workspace_.selections(), &Selections::changed, this, [this](DocumentRef changed) {
        if (changed == document_)
            cells_->model()->selectionChanged();
    });
    connect(&workspace_, &Workspace::documentClosing, this, [this](DocumentRef closing) {
        if (closing == document_)
            showNothing();
    });
}

DatasetView::~DatasetView() {
    delete loader_; // before the widgets that it delivers to
}

void DatasetView::showDocument(DocumentRef document) {
    if (document == document_ && loader_ != nullptr)
        return;
    const DatasetDocument* data = workspace_.dataOf(document);
    if (data == nullptr || data->data == nullptr) {
        showNothing();
        return;
    }
    document_ = document;
    load(*data);
    pages_->setCurrentIndex(1);
}

void DatasetView::showNothing() {
    delete loader_;
    loader_ = nullptr;
    document_ = {};
    cells_->model()->reset(0, {}); // lets go of the file
    cells_->model()->setSelection(nullptr);
    pages_->setCurrentIndex(0);
}

void DatasetView::load(const DatasetDocument& document) {
    delete loader_;
    loader_ = new DatasetLoader(workspace_, document.data, document.name, this);
    connect(loader_, &DatasetLoader::overviewRead, this, [this](const FileOverview& overview) {
        header_->setFileBytes(overview.fileBytes);
        header_->setOrigin(overview.origin);
        overview_->setOverview(overview);
    });
    connect(loader_, &DatasetLoader::columnRead, overview_, &OverviewPage::setColumn);
    connect(loader_, &DatasetLoader::interrupted, overview_, &OverviewPage::setInterrupted);
    connect(loader_, &DatasetLoader::cellsRead, this, [this](int index, const CellColumn& values) {
        if (index < cells_->model()->columnCount())
            cells_->model()->setColumn(index, values);
    });
    header_->setDocument(document);
    overview_->setDocument(document);
    cells_->model()->reset(static_cast<std::int64_t>(document.data->n_obs()),
                           cellColumnTitles(*document.data));
    cells_->model()->setSelection(&workspace_.selections().of(document_));
    loader_->start();
}

void DatasetView::openFile() {
    const QStringList paths = QFileDialog::getOpenFileNames(this, tr("Open data sets"), {},
                                                            tr("Data sets (*.h5ad *.h5);;All files (*)"));
    if (!paths.isEmpty())
        workspace_.open(paths);
}

QJsonObject DatasetView::settings() const {
    return {{"tab", tabs_->currentIndex() == 1 ? "cells" : "overview"}, {"filter", cells_->filterText()}};
}

void DatasetView::restore(const QJsonObject& settings) {
    tabs_->setCurrentIndex(settings.value("tab").toString() == QLatin1String("cells") ? 1 : 0);
    cells_->setFilterText(settings.value("filter").toString());
}

} // namespace ember

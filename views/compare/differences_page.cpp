#include "views/compare/differences_page.hpp"

#include <algorithm>

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "views/compare/evaluation_requests.hpp"
#include "views/embedding/gene_values.hpp"
#include "widgets/elided_label.hpp"
#include "widgets/empty_state.hpp"
#include "widgets/heat_map.hpp"
#include "widgets/scatter_plot.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

std::vector<const ComparedFile*> pointers(const std::vector<ComparedFile>& files) {
    std::vector<const ComparedFile*> all;
    for (const ComparedFile& file : files) {
        all.push_back(&file);
    }
    return all;
}

void fill(QComboBox& box, const QString& all, const QStringList& names, const QString& chosen) {
    const QSignalBlocker quiet(&box);
    box.clear();
    if (!all.isEmpty()) {
        box.addItem(all, QString());
    }
    for (const QString& name : names) {
        box.addItem(name, name);
    }
    box.setCurrentIndex(std::max(0, box.findData(chosen)));
    box.setVisible(!names.isEmpty());
}

} // namespace

DifferencesPage::DifferencesPage(Workspace& workspace, CompareEdit edit, QWidget* parent)
    : QWidget(parent),
      workspace_(workspace),
      edit_(std::move(edit)),
      means_(std::make_unique<JobCache<FilesMeans>>(workspace, this, [this] { refresh(); })),
      pictures_(std::make_unique<JobCache<DifferencePictures>>(workspace, this, [this] { refresh(); })) {
    setObjectName("differencesPage");
    build();
}

DifferencesPage::~DifferencesPage() = default;

void DifferencesPage::build() {
    map_ = new HeatMap;
    map_->setObjectName("differenceMap");
    map_->setAccessibleName(tr("Genes by condition"));
    connect(map_, &HeatMap::cellClicked, this,
            [this](int row, int) { chooseGene(map_->data().rows.value(row)); });
    scatter_ = new ScatterPlot;
    scatter_->setObjectName("differenceScatter");
    scatter_->setAccessibleName(tr("Genes, predicted against real"));
    connect(scatter_, &ScatterPlot::pointClicked, this,
            [this](int point) { chooseGene(scatter_->data().names.value(point)); });
    noScatter_ =
        new EmptyState("office-chart-bar", tr("No predicted against real"), tr("Open the real cells."));
    right_ = new QStackedWidget;
    right_->addWidget(scatter_);
    right_->addWidget(noScatter_);
    auto* split = new QSplitter(Qt::Horizontal);
    split->setObjectName("differenceSplitter");
    split->setChildrenCollapsible(false);
    split->addWidget(map_);
    split->addWidget(right_);
    split->setStretchFactor(0, 3);
    split->setStretchFactor(1, 2);
    split->setSizes({600, 400}); // in proportion
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(buildChoices());
    layout->addWidget(split, 1);
    waiting_ =
        new EmptyState("clock", tr("Averaging the groups"), tr("One pass over each file."), tr("Cancel"));
    waiting_->button()->setObjectName("differencesAction");
    connect(waiting_, &EmptyState::triggered, this, &DifferencesPage::pressed);
    pages_ = new QStackedWidget;
    pages_->addWidget(content);
    pages_->addWidget(waiting_);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(pages_);
}

QWidget* DifferencesPage::buildChoices() {
    values_ = makeCompareBox("differenceValues", tr("Values"), tr("What is compared, gene by gene"));
    values_->addItem(tr("Change from control"), true);
    values_->addItem(tr("Mean expression"), false);
    perturbations_ = makeCompareBox("differencePerturbation", tr("Perturbation"), tr("Whose cells"));
    cellTypes_ = makeCompareBox("differenceCellType", tr("Cell type"),
                                tr("All: a column per cell type; one: a column per time point"));
    times_ = makeCompareBox("differenceTime", tr("Time point"), tr("Whose cells"));
    models_ = makeCompareBox("differenceModel", tr("Model"), tr("The prediction in the plot on the right"));
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    for (QComboBox* box : {values_, perturbations_, cellTypes_, times_, models_}) {
        layout->addWidget(box, box == values_ ? 2 : 1);
    }
    values_->setMinimumContentsLength(16); // as long as its longest entry
    connect(values_, &QComboBox::currentIndexChanged, this, [this](int index) {
        const bool change = values_->itemData(index).toBool();
        edit_(tr("Show %1").arg(values_->itemText(index)),
              [change](CompareSettings& settings) { settings.differences.change = change; });
    });
    const auto choose = [this](QComboBox* box, QString DifferenceSettings::*member) {
        connect(box, &QComboBox::currentIndexChanged, this, [this, box, member](int index) {
            const QString name = box->itemData(index).toString();
            edit_(tr("Genes of %1").arg(box->itemText(index)),
                  [&](CompareSettings& settings) { settings.differences.*member = name; });
        });
    };
    choose(perturbations_, &DifferenceSettings::perturbation);
    choose(cellTypes_, &DifferenceSettings::cellType);
    choose(times_, &DifferenceSettings::time);
    choose(models_, &DifferenceSettings::model);
    return row;
}

QString DifferencesPage::meansKey() const {
    return resultKey(set_, pointers(files_));
}

QString DifferencesPage::picturesKey() const {
    const DifferenceSettings& settings = settings_.differences;
    return QStringList{meansKey(),        settings.change ? "change" : "mean",
                       settings.model,    settings.perturbation,
                       settings.cellType, settings.time}
        .join('\n');
}

std::vector<int> DifferencesPage::documents() const {
    std::vector<int> ids;
    for (const ComparedFile& file : files_) {
        ids.push_back(file.document.id);
    }
    return ids;
}

void DifferencesPage::show(const CompareSet& set, const CompareSettings& settings, bool inFront) {
    set_ = set;
    settings_ = settings;
    inFront_ = inFront;
    files_.clear();
    for (const ComparedFile* file : set_.comparable()) {
        files_.push_back(*file);
    }
    if (inFront_) {
        want(false);
    }
    refresh();
}

void DifferencesPage::want(bool again) {
    if (files_.empty() || set_.columns.perturbation.empty()) {
        return;
    }
    std::vector<AnnDataPtr> data;
    std::vector<MatrixSource> sources;
    for (const ComparedFile& file : files_) {
        data.push_back(workspace_.dataOf(file.document)->data);
        sources.push_back(file.source);
    }
    std::vector<std::string> columns{set_.columns.perturbation};
    for (const std::string& column : {set_.columns.cellType, set_.columns.time}) {
        if (!column.empty()) {
            columns.push_back(column);
        }
    }
    means_->want(
        meansKey(), documents(), tr("Mean expression of groups"),
        [data, sources, columns](JobContext& job) {
            FilesMeans made;
            for (std::size_t at = 0; at < data.size(); ++at) {
                made.means.push_back(
                    std::make_shared<const GroupMeans>(group_means(*data[at], sources[at], columns, job)));
            }
            made.genes = column_names(*data.front(), sources.front());
            return made;
        },
        JobWeight::light, again);
}

void DifferencesPage::refresh() {
    const auto& means = means_->find(meansKey());
    if (means.result && inFront_) {
        DifferenceRequest request;
        for (std::size_t at = 0; at < files_.size(); ++at) {
            const ComparedFile& file = files_[at];
            const bool isReal = set_.real && file.document == set_.real->document;
            request.files.push_back({file.name, file.path, file.color, isReal, means.result->means[at]});
        }
        request.columns = set_.columns;
        request.settings = settings_.differences;
        if (pictures_->find(picturesKey()).state == JobCache<DifferencePictures>::State::absent) {
            pictures_->want(
                picturesKey(), documents(), tr("Differences of genes"),
                [request, all = means.result](JobContext& job) mutable {
                    request.genes = all->genes;
                    return difference_pictures(request, job);
                },
                JobWeight::light);
            return; // which has come back here
        }
    }
    const auto& pictures = pictures_->find(picturesKey());
    if (pictures.result) {
        pages_->setCurrentIndex(0);
        if (shown_ != picturesKey()) {
            shown_ = picturesKey();
            showPictures(*pictures.result);
        }
    } else if (shown_.isEmpty() || means.state != JobCache<FilesMeans>::State::done) {
        shown_.clear();
        showWaiting();
    }
}

void DifferencesPage::showPictures(const DifferencePictures& pictures) {
    const DifferenceSettings& settings = settings_.differences;
    const QSignalBlocker quiet(values_);
    values_->setCurrentIndex(settings.change ? 0 : 1);
    fill(*perturbations_, {}, pictures.perturbations, pictures.perturbation);
    fill(*cellTypes_, tr("All cell types"), pictures.cellTypes, settings.cellType);
    fill(*times_, tr("All time points"), pictures.times, settings.time);
    const QSignalBlocker quietModels(models_);
    models_->clear();
    for (const ComparedFile& file : files_) {
        if (!set_.real || file.document != set_.real->document) {
            models_->addItem(file.name, file.path);
        }
    }
    models_->setCurrentIndex(std::max(0, models_->findData(settings.model)));
    const nlohmann::json provenance = {{"files", files_.size()},
                                       {"values", settings.change ? "change" : "mean"},
                                       {"perturbation", pictures.perturbation.toStdString()},
                                       {"cell_type", settings.cellType.toStdString()},
                                       {"time", settings.time.toStdString()}};
    map_->setProvenance(QString::fromStdString(provenance.dump()));
    map_->setFigureName("genes_by_condition");
    map_->setData(pictures.map);
    scatter_->setProvenance(map_->provenance());
    scatter_->setFigureName("predicted_against_real");
    right_->setCurrentIndex(pictures.problem.isEmpty() ? 0 : 1);
    if (pictures.problem.isEmpty()) {
        scatter_->setData(pictures.scatter);
    } else {
        noScatter_->setTexts(tr("No predicted against real"), pictures.problem);
    }
}

void DifferencesPage::showWaiting() {
    using State = JobCache<FilesMeans>::State;
    const auto& means = means_->find(meansKey());
    const auto& pictures = pictures_->find(picturesKey());
    pages_->setCurrentIndex(1);
    const QString problem = means.problem.isEmpty() ? pictures.problem : means.problem;
    if (set_.columns.perturbation.empty()) {
        waiting_->setTexts(tr("No differences yet"),
                           tr("Say in the Dataset view which column holds the perturbations."));
    } else if (means.state == State::running || means.state == State::done) {
        waiting_->setTexts(tr("Averaging the groups"),
                           means.activity.isEmpty() ? tr("One pass over each file.") : means.activity,
                           tr("Cancel"));
    } else {
        waiting_->setTexts(
            problem.isEmpty() ? tr("No differences yet") : tr("The groups could not be averaged"),
            problem.isEmpty() ? tr("Genes by condition stand here.") : problem, tr("Try again"));
    }
}

void DifferencesPage::pressed() {
    if (means_->find(meansKey()).state == JobCache<FilesMeans>::State::running) {
        means_->cancel(meansKey());
    } else {
        want(true);
    }
}

/// Colours all views by the gene, and shows it in both plots.
void DifferencesPage::chooseGene(const QString& gene) {
    if (gene.isEmpty() || files_.empty()) {
        return;
    }
    scatter_->setHighlighted(static_cast<int>(scatter_->data().names.indexOf(gene)));
    if (const auto row = static_cast<int>(map_->data().rows.indexOf(gene)); row >= 0) {
        map_->setCurrentCell(row, std::max(0, map_->currentColumn()));
        map_->ensureRowVisible(row);
    }
    workspace_.chooseGene(files_.front().document, files_.front().source, gene);
}

} // namespace ember

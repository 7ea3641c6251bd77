#include "views/compare/metrics_page.hpp"

#include <algorithm>

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSplitter>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include "views/compare/evaluation_requests.hpp"
#include "views/compare/metric_table_model.hpp"
#include "widgets/curve_plot.hpp"
#include "widgets/elided_label.hpp"
#include "widgets/empty_state.hpp"
#include "widgets/icon.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

using State = JobCache<EvaluationResult>::State;

QString keyOf(const CompareSet& set, const ComparedFile& model) {
    return resultKey(set, {&model});
}

} // namespace

MetricsPage::MetricsPage(Workspace& workspace, CompareEdit edit, QWidget* parent)
    : QWidget(parent),
      workspace_(workspace),
      edit_(std::move(edit)),
      results_(std::make_unique<JobCache<EvaluationResult>>(workspace, this, [this] { refresh(); })) {
    setObjectName("metricsPage");
    build();
}

MetricsPage::~MetricsPage() = default;

void MetricsPage::build() {
    waiting_ = new EmptyState("clock", tr("Computing the metrics"), tr("Each model beside baselines."),
                              tr("Cancel"));
    waiting_->button()->setObjectName("metricsAction");
    connect(waiting_, &EmptyState::triggered, this, &MetricsPage::pressed);
    model_ = new MetricTableModel(this);
    view_ = new QTableView;
    view_->setObjectName("metricTable");
    view_->setAccessibleName(tr("Metrics"));
    view_->setModel(model_);
    view_->setSelectionBehavior(QAbstractItemView::SelectRows);
    view_->setSelectionMode(QAbstractItemView::SingleSelection);
    view_->setAlternatingRowColors(true);
    view_->setShowGrid(false);
    view_->setFont(tabularFont(font()));
    view_->verticalHeader()->hide();
    view_->verticalHeader()->setDefaultSectionSize(lengthInEms(view_, 1.5));
    view_->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    view_->horizontalHeader()->setHighlightSections(false);
    connect(view_->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& current) {
                if (!current.isValid()) {
                    return;
                }
                const MetricInfo& info = model_->table().lines[static_cast<std::size_t>(current.row())].info;
                edit_(tr("Plot %1").arg(QString::fromStdString(info.title)),
                      [&info](CompareSettings& settings) {
                          settings.metrics.metric = QString::fromStdString(info.name);
                      });
            });
    curves_ = new CurvePlot;
    curves_->setObjectName("metricCurves");
    curves_->setAccessibleName(tr("The chosen metric by cell type"));
    note_ = new ElidedLabel;
    note_->setObjectName("metricsNote");
    setRole(note_, "muted");
    auto* split = new QSplitter(Qt::Vertical);
    split->setObjectName("metricsSplitter");
    split->setChildrenCollapsible(false);
    split->addWidget(view_);
    split->addWidget(curves_);
    split->setStretchFactor(0, 1);
    split->setStretchFactor(1, 1);
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(buildChoices());
    layout->addWidget(split, 1);
    layout->addWidget(note_);
    pages_ = new QStackedWidget;
    pages_->addWidget(content);
    pages_->addWidget(waiting_);
    auto* all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(pages_);
}

QWidget* MetricsPage::buildChoices() {
    perturbations_ =
        makeCompareBox("metricPerturbation", tr("Perturbation"), tr("Whose cells the table is of"));
    cellTypes_ = makeCompareBox("metricCellType", tr("Cell type"), tr("Whose cells the table is of"));
    export_ = new QPushButton(icon("document-export"), tr("Export CSV…"));
    export_->setObjectName("exportMetrics");
    export_->setToolTip(tr("Write the table as it is shown (Ctrl+E)"));
    connect(export_, &QPushButton::clicked, this, &MetricsPage::exportWanted);
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    const std::pair<QString, QComboBox*> boxes[] = {{tr("Metrics of"), perturbations_},
                                                    {tr("in"), cellTypes_}};
    for (const auto& [text, box] : boxes) {
        auto* label = new QLabel(text);
        label->setBuddy(box);
        box->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
        box->setMinimumContentsLength(12);
        layout->addWidget(label);
        layout->addWidget(box);
    }
    layout->addStretch(1);
    layout->addWidget(export_);
    connect(perturbations_, &QComboBox::currentIndexChanged, this, [this](int index) {
        const QString name = perturbations_->itemData(index).toString();
        edit_(tr("Metrics of %1").arg(perturbations_->itemText(index)),
              [&name](CompareSettings& settings) { settings.metrics.perturbation = name; });
    });
    connect(cellTypes_, &QComboBox::currentIndexChanged, this, [this](int index) {
        const QString name = cellTypes_->itemData(index).toString();
        edit_(tr("Metrics in %1").arg(cellTypes_->itemText(index)),
              [&name](CompareSettings& settings) { settings.metrics.cellType = name; });
    });
    return row;
}

void MetricsPage::show(const CompareSet& set, const CompareSettings& settings, bool inFront) {
    set_ = set;
    settings_ = settings;
    if (inFront) {
        compute(false);
    }
    refresh();
}

void MetricsPage::setRemark(const QString& remark) {
    remark_ = remark;
    refresh();
}

void MetricsPage::compute(bool again) {
    if (!set_.real || set_.columns.perturbation.empty()) {
        return;
    }
    const AnnDataPtr real = workspace_.dataOf(set_.real->document)->data;
    for (const ComparedFile& model : set_.models) {
        if (model.hasReal) {
            results_->want(
                keyOf(set_, model), resultDocuments(set_, {&model}), tr("Metrics of %1").arg(model.name),
                [real, data = workspace_.dataOf(model.document)->data, request = metric_request(set_, model)](
                    JobContext& job) { return evaluate(*data, *real, request, job); },
                JobWeight::heavy, again);
        }
    }
}

std::vector<EvaluatedModel> MetricsPage::evaluated() const {
    std::vector<EvaluatedModel> models;
    for (const ComparedFile& model : set_.models) {
        models.push_back({model.name, model.color, results_->find(keyOf(set_, model)).result});
    }
    return models;
}

MetricTable MetricsPage::table() const {
    return model_->table();
}

void MetricsPage::refresh() {
    const std::vector<EvaluatedModel> models = evaluated();
    fillScopes(models);
    const bool any = std::any_of(models.begin(), models.end(),
                                 [](const EvaluatedModel& model) { return model.result != nullptr; });
    const QSignalBlocker quiet(view_->selectionModel());
    model_->setTable(any ? metricTable(models, {settings_.metrics.perturbation.toStdString(),
                                                settings_.metrics.cellType.toStdString()})
                         : MetricTable());
    if (const int row = model_->rowOf(settings_.metrics.metric); row >= 0) {
        view_->selectRow(row);
        view_->scrollTo(model_->index(row, 0), QAbstractItemView::EnsureVisible);
    }
    CurveData curves = any ? metricCurves(models, settings_.metrics.metric.toStdString(),
                                          settings_.metrics.perturbation.toStdString())
                           : CurveData();
    if (settings_.metrics.metric == "pearson_delta" && !remark_.isEmpty()) {
        curves.note = remark_;
    }
    curves_->setVisible(!curves.series.empty());
    if (!curves.series.empty()) {
        const nlohmann::json provenance = {
            {"real", set_.real ? set_.real->path.toStdString() : std::string()},
            {"metric", settings_.metrics.metric.toStdString()},
            {"perturbation", settings_.metrics.perturbation.toStdString()},
            {"models", set_.models.size()}};
        curves_->setProvenance(QString::fromStdString(provenance.dump()));
        curves_->setFigureName("metric_" + settings_.metrics.metric);
        curves_->setData(std::move(curves));
    }
    export_->setEnabled(any);
    showState(models);
    emit exportableChanged();
}

void MetricsPage::showState(const std::vector<EvaluatedModel>& models) {
    QStringList notes;
    bool running = false, failed = false, any = false;
    QString problem;
    for (std::size_t at = 0; at < models.size(); ++at) {
        const ComparedFile& file = set_.models[at];
        const auto& entry = results_->find(keyOf(set_, file));
        any = any || entry.result;
        if (entry.state == State::running) {
            running = true;
            notes << (entry.activity.isEmpty() ? tr("%1 waits").arg(file.name)
                                               : tr("%1: %2").arg(file.name, entry.activity));
        } else if (entry.state == State::failed) {
            failed = true;
            problem = entry.problem;
            notes << tr("%1: %2").arg(file.name, entry.problem);
        } else if (!file.hasReal) {
            notes << tr("%1 has no counterpart in the real cells").arg(file.name);
        }
    }
    const bool beaten = std::any_of(model_->table().lines.begin(), model_->table().lines.end(),
                                    [](const MetricLine& line) { return !line.asGood.empty(); });
    if (beaten) {
        notes << tr("≥ or ≤: a baseline that does no worse than the best model");
    }
    if (any && !model_->table().undefined.isEmpty()) {
        notes << tr("Not defined here: %1").arg(model_->table().undefined.join(", "));
    }
    note_->setText(notes.join(" · "));
    note_->setVisible(!notes.isEmpty());
    pages_->setCurrentIndex(any ? 0 : 1);
    if (any) {
        return;
    }
    if (!set_.real) {
        waiting_->setTexts(tr("No metrics yet"),
                           tr("Metrics hold predictions against real cells. Open the data that was predicted "
                              "from."),
                           set_.realPath.isEmpty() ? QString() : tr("Open"));
    } else if (set_.columns.perturbation.empty()) {
        waiting_->setTexts(tr("No metrics yet"),
                           tr("Say in the Dataset view which column holds the perturbations."));
    } else if (running) {
        waiting_->setTexts(tr("Computing the metrics"), notes.join('\n'), tr("Cancel"));
    } else {
        waiting_->setTexts(failed ? tr("The metrics could not be computed") : tr("No metrics yet"),
                           failed ? problem : notes.join('\n'), tr("Try again"));
    }
}

void MetricsPage::fillScopes(const std::vector<EvaluatedModel>& models) {
    const auto fill = [](QComboBox& box, const QString& all, QStringList names, const QString& chosen) {
        const QSignalBlocker quiet(&box);
        if (!chosen.isEmpty() && !names.contains(chosen)) {
            names << chosen;
        }
        box.clear();
        box.addItem(all, QString());
        for (const QString& name : names) {
            box.addItem(name, name);
        }
        box.setCurrentIndex(std::max(0, box.findData(chosen)));
    };
    fill(*perturbations_, tr("all perturbations"), evaluatedPerturbations(models),
         settings_.metrics.perturbation);
    fill(*cellTypes_, tr("all cells"), evaluatedCellTypes(models), settings_.metrics.cellType);
}

void MetricsPage::pressed() {
    if (!set_.real) {
        workspace_.open({set_.realPath});
        return;
    }
    bool running = false;
    for (const ComparedFile& model : set_.models) {
        if (results_->find(keyOf(set_, model)).state == State::running) {
            running = true;
            results_->cancel(keyOf(set_, model));
        }
    }
    if (!running) {
        compute(true);
    }
}

bool MetricsPage::canExport() const {
    return !model_->table().lines.empty();
}

QString MetricsPage::csv() const {
    return metricCsv(model_->table());
}

} // namespace ember

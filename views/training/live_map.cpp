#include "views/training/live_map.hpp"

#include <algorithm>
#include <map>

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

#include "widgets/category_palette.hpp"
#include "widgets/empty_state.hpp"
#include "widgets/point_cloud_plot.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

constexpr int pace_ms = 10000;

QColor paler(const QColor& color) {
    QColor pale;
    const auto mix = [](float a) { return a * 0.35F + 0.65F * 0.72F; };
    pale.setRgbF(mix(color.redF()), mix(color.greenF()), mix(color.blueF()));
    return pale;
}

} // namespace

LiveMap::LiveMap(Workspace& workspace, QWidget* parent) : QWidget(parent), workspace_(workspace) {
    setObjectName("liveMap");
    plot_ = new PointCloudPlot;
    plot_->setObjectName("liveMapPlot");
    plot_->setTitle(tr("Validation cells: predicted and observed"));
    plot_->setFigureName("validation_map");
    plot_->setToolsVisible(false);
    colorBy_ = new QComboBox;
    colorBy_->setObjectName("liveMapColor");
    colorBy_->setAccessibleName(tr("Colour by"));
    colorBy_->addItem(tr("Perturbation"), "perturbation");
    colorBy_->addItem(tr("Cell type"), "cell_type");
    connect(colorBy_, &QComboBox::currentIndexChanged, this, [this] {
        color();
        emit colorByChanged();
    });
    auto* row = new QHBoxLayout;
    row->addWidget(new QLabel(tr("Colour by")));
    row->addWidget(colorBy_);
    row->addStretch(1);
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 6, 0, 0);
    column->setSpacing(4);
    column->addLayout(row);
    column->addWidget(plot_, 1);
    empty_ = new EmptyState("cells", tr("No map yet"),
                            tr("After the first validation, predicted and observed cells appear here."));
    states_ = new QStackedWidget;
    states_->addWidget(empty_);
    states_->addWidget(page);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(states_);
    later_ = new QTimer(this);
    later_->setSingleShot(true);
    connect(later_, &QTimer::timeout, this, &LiveMap::want);
}

LiveMap::~LiveMap() {
    if (job_) {
        job_->cancel();
    }
}

QString LiveMap::colorBy() const {
    return colorBy_->currentData().toString();
}

void LiveMap::setColorBy(const QString& what) {
    colorBy_->setCurrentIndex(std::max(0, colorBy_->findData(what)));
}

void LiveMap::show(const RunSnapshotPtr& run) {
    run_ = run;
    if (run_ == nullptr || run_->path != mapOf_) {
        if (job_) {
            job_->cancel();
        }
        map_.reset();
        mapOf_ = run_ == nullptr ? std::filesystem::path() : run_->path;
        failedTime_ = 0;
        sinceStart_.invalidate();
        states_->setCurrentIndex(0);
    }
    want();
}

void LiveMap::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    want();
}

void LiveMap::want() {
    const bool fresh = run_ != nullptr && run_->monitor_time != 0 && run_->monitor_time != failedTime_ &&
                       (map_ == nullptr || map_->time != run_->monitor_time);
    if (!fresh || !isVisible() || (job_ && !job_->isFinished())) {
        return;
    }
    if (sinceStart_.isValid() && sinceStart_.elapsed() < pace_ms) {
        later_->start(pace_ms - static_cast<int>(sinceStart_.elapsed()));
        return;
    }
    sinceStart_.start();
    job_ = runJob(
        workspace_, tr("Map of the validation cells of %1").arg(QString::fromStdString(run_->name)),
        [path = run_->path, before = map_, time = run_->monitor_time](JobContext& job) {
            LiveMapData map = make_live_map(path, before.get(), job);
            map.time = time;
            return map;
        },
        this,
        [this, path = run_->path](LiveMapData map) {
            if (path == mapOf_) {
                take(std::move(map));
            }
        });
    job_->setReportsFailure(false); // the next validation writes them anew
    connect(job_, &Job::finished, this, [this, job = job_.data(), time = run_->monitor_time] {
        if (job->state() == JobState::failed) {
            failedTime_ = time;
            empty_->setTexts(tr("No map"), job->error()->message);
        }
        QMetaObject::invokeMethod(this, &LiveMap::want, Qt::QueuedConnection);
    });
}

void LiveMap::take(LiveMapData map) {
    map_ = std::make_shared<const LiveMapData>(std::move(map));
    plot_->setPoints(std::make_shared<const std::vector<float>>(map_->xy), tr("UMAP 1"), tr("UMAP 2"));
    color();
    states_->setCurrentIndex(1);
}

void LiveMap::color() {
    if (map_ == nullptr) {
        return;
    }
    const std::vector<std::string>& labels = colorBy() == "cell_type" ? map_->cell_type : map_->perturbation;
    QStringList names;
    std::vector<QColor> colors;
    auto codes = std::make_shared<std::vector<std::int32_t>>(2 * map_->cells);
    std::map<std::string, std::int32_t> codeOf;
    for (const std::string& label : labels) {
        codeOf.try_emplace(label, 0);
    }
    if (labels.empty()) {
        codeOf.try_emplace(std::string(), 0);
    }
    for (auto& [label, code] : codeOf) {
        code = static_cast<std::int32_t>(names.size());
        const QColor own = categoryColor(static_cast<int>(names.size() / 2));
        const QString name = QString::fromStdString(label);
        names << (name.isEmpty() ? tr("predicted") : tr("%1, predicted").arg(name))
              << (name.isEmpty() ? tr("observed") : tr("%1, observed").arg(name));
        colors.push_back(own);
        colors.push_back(paler(own));
    }
    for (std::size_t cell = 0; cell < map_->cells; ++cell) {
        const std::int32_t code = codeOf[labels.empty() ? std::string() : labels[cell]];
        (*codes)[cell] = code + 1;
        (*codes)[map_->cells + cell] = code;
    }
    plot_->setColors(categoryPointColors(colorBy_->currentText(), names, codes, colors));
}

} // namespace ember

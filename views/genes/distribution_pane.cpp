#include "views/genes/distribution_pane.hpp"

#include <QStackedWidget>
#include <QVBoxLayout>
#include <nlohmann/json.hpp>

#include "views/embedding/gene_indexing.hpp"
#include "widgets/empty_state.hpp"
#include "widgets/theme.hpp"
#include "widgets/violin_plot.hpp"

namespace ember {

namespace {

nlohmann::json describe(const DistributionRequest& request) {
    nlohmann::json cells = nlohmann::json::array();
    for (const DistributionCells& each : request.cells) {
        cells.push_back(
            {{"name", each.name}, {"file", each.data->path().string()}, {"matrix", to_string(each.source)}});
    }
    return {{"gene", request.gene},           {"cells", cells},
            {"group_by", request.groupby},    {"groups", request.groups},
            {"reference", request.reference}, {"within", request.within},
            {"stratum", request.stratum}};
}

} // namespace

DistributionPane::DistributionPane(Workspace& workspace, const QString& name, QWidget* parent)
    : QWidget(parent),
      workspace_(workspace),
      body_(new QStackedWidget),
      empty_(new EmptyState("view-statistics", tr("No gene is chosen"),
                            tr("Click a gene in the table or in a plot to see its values."))),
      plot_(new ViolinPlot) {
    plot_->setObjectName(name + "Violin");
    plot_->setAccessibleName(tr("Values of the chosen gene"));
    body_->addWidget(empty_);
    body_->addWidget(plot_);
    plot_->setMinimumHeight(lengthInEms(this, 4.5));
    empty_->setMinimumHeight(lengthInEms(this, 4.5));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(body_);
    connect(&workspace_, &Workspace::documentClosing, this, [this](DocumentRef) {
        results_.clear(); // whose file any of them is of
        key_.clear();
    });
}

void DistributionPane::show(DocumentRef document, const DistributionRequest& request) {
    request_ = request;
    key_ = request.gene.empty()
               ? QString()
               : QString("%1/").arg(document.id) + QString::fromStdString(describe(request).dump());
    if (!key_.isEmpty()) {
        results_.want(
            workspace_, document, key_, tr("Values of %1").arg(QString::fromStdString(request.gene)),
            [request](JobContext& job) { return gene_distribution(request, job); }, this,
            [this] { refresh(); });
        if (results_.state(key_) == ResultCache<ViolinData>::State::done && !request.cells.empty()) {
            indexGenes(workspace_, document, request.cells.front().source);
        }
    }
    refresh();
}

void DistributionPane::refresh() {
    using State = ResultCache<ViolinData>::State;
    if (const auto data = results_.result(key_)) {
        if (std::exchange(shown_, key_) != key_) {
            plot_->setProvenance(QString::fromStdString(describe(request_).dump()));
            plot_->setFigureName("violin_" + QString::fromStdString(request_.gene));
            plot_->setData(*data);
        }
        body_->setCurrentWidget(plot_);
        return;
    }
    const State state = results_.state(key_);
    if (state == State::computing) {
        return; // what was there stays until the new one is
    }
    shown_.clear();
    if (state == State::failed || state == State::cancelled) {
        empty_->setTexts(tr("The gene could not be read"), results_.problem(key_));
    } else {
        empty_->setTexts(tr("No gene is chosen"),
                         tr("Click a gene in the table or in a plot to see its values."));
    }
    body_->setCurrentWidget(empty_);
}

} // namespace ember

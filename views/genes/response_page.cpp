#include "views/genes/response_page.hpp"

#include <algorithm>

#include <QComboBox>
#include <QFileInfo>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>

#include "core/base/atomic_file.hpp"
#include "views/genes/checks_button.hpp"
#include "views/genes/distribution_pane.hpp"
#include "views/genes/response_plots.hpp"
#include "widgets/dot_plot.hpp"
#include "widgets/elided_label.hpp"
#include "widgets/empty_state.hpp"
#include "widgets/heat_map.hpp"
#include "widgets/scatter_plot.hpp"

namespace ember {

namespace {

constexpr std::size_t map_genes_shown = 60, dot_genes_shown = 24;

QString textOf(const std::string& text) {
    return QString::fromStdString(text);
}

nlohmann::json describe(const ResponseOutcome& outcome) {
    const ConditionResponseRequest& request = outcome.request;
    nlohmann::json predictions = nlohmann::json::array();
    for (const PredictedCells& prediction : outcome.predictions) {
        predictions.push_back({{"name", prediction.name},
                               {"file", prediction.data->path().string()},
                               {"matrix", to_string(prediction.source)}});
    }
    return {{"command", "condition response"},
            {"matrix", to_string(request.source)},
            {"pert_col", request.pert_col},
            {"group", request.group},
            {"reference", request.reference},
            {"strata", request.strata},
            {"replicate_col", request.replicate_col},
            {"unit", to_string(request.unit)},
            {"test", to_string(request.test)},
            {"alpha", request.alpha},
            {"bootstrap", request.bootstrap},
            {"seed", request.seed},
            {"predictions", predictions},
            {"warnings", outcome.response.warnings},
            {"version", EMBER_VERSION}};
}

} // namespace

void ResponsePage::show(DocumentRef document, const GeneContextPtr& context, const GenesSettings& settings) {
    if (workspace_.dataOf(document) == nullptr || context == nullptr) {
        return;
    }
    document_ = document;
    observed_ = observedFor(workspace_, document);
    context_ = context;
    if (!observed_) {
        outcome_.reset();
        key_.clear();
        setFormEnabled(false);
        waiting_->setTexts(tr("The measured cells are not open"),
                           tr("This page compares predictions with the cells that they were made from. Open "
                              "the data set that was predicted."),
                           tr("Open it"));
        body_->setCurrentIndex(0);
        emit exportableChanged();
        return;
    }
    settings_ = resolved(settings.response, *context, workspace_, observed_);
    request_ = responseRequest(settings_, *context);
    predictions_ = predictedCells(settings_, workspace_, observed_);
    key_ = keyOf(observed_, request_, predictions_);
    setFormEnabled(true);
    fillForm();
    refresh();
}

void ResponsePage::run() {
    if (!observed_) {
        const PredictionDocument* prediction = workspace_.prediction(document_.id);
        if (prediction != nullptr && !prediction->inputPath.isEmpty()) {
            workspace_.open({prediction->inputPath});
        }
        return;
    }
    if (results_.state(key_) == ResultCache<ResponseOutcome>::State::computing) {
        results_.cancel(key_);
        return;
    }
    if (!responseProblem(settings_, *context_).isEmpty()) {
        workspace_.showView("dataset", observed_);
        return;
    }
    results_.want(
        workspace_, observed_, key_,
        tr("%1 against %2 in %3")
            .arg(settings_.group, settings_.reference, workspace_.dataOf(observed_)->name),
        [data = workspace_.dataOf(observed_)->data, request = request_,
         predictions = predictions_](JobContext& job) {
            return ResponseOutcome{request, predictions,
                                   condition_response(*data, predictions, request, job)};
        },
        this, [this] { refresh(); });
}

void ResponsePage::refresh() {
    using State = ResultCache<ResponseOutcome>::State;
    run_->setText(results_.state(key_) == State::computing ? tr("Cancel") : tr("Compare"));
    if (auto outcome = results_.result(key_)) {
        showOutcome(std::move(outcome));
    } else {
        outcome_.reset();
        shownOutcome_.clear();
        showWaiting(responseProblem(settings_, *context_));
        body_->setCurrentIndex(0);
    }
    export_->setEnabled(outcome_ != nullptr);
    emit exportableChanged();
}

void ResponsePage::showWaiting(const QString& problem) {
    using State = ResultCache<ResponseOutcome>::State;
    switch (results_.state(key_)) {
    case State::computing:
        waiting_->setTexts(tr("Comparing"), tr("Every gene in every group of cells."), tr("Cancel"));
        return;
    case State::failed:
        waiting_->setTexts(tr("This could not be compared"), results_.problem(key_), tr("Try again"));
        return;
    case State::cancelled:
        waiting_->setTexts(tr("Cancelled"), QString(), tr("Try again"));
        return;
    default:
        break;
    }
    if (!problem.isEmpty()) {
        waiting_->setTexts(tr("Nothing to compare"), problem, tr("Columns…"));
        return;
    }
    const QString each = settings_.strata.isEmpty()
                             ? tr("all cells together")
                             : tr("each %1").arg(settings_.strata.join(QString::fromUtf8(" × ")));
    waiting_->setTexts(tr("What does %1 change?").arg(settings_.group),
                       settings_.predictions.isEmpty()
                           ? tr("Genes that differ from %1, in %2. Open predictions of these cells to see "
                                "whether they say the same.")
                                 .arg(settings_.reference, each)
                           : tr("Genes that differ from %1, in %2, observed and as predicted by %3.")
                                 .arg(settings_.reference, each, settings_.predictions.join(", ")),
                       tr("Compare %1 with %2").arg(settings_.group, settings_.reference));
}

int ResponsePage::stratumIndex() const {
    const auto& strata = outcome_->response.strata;
    const auto found = std::find_if(strata.begin(), strata.end(), [this](const ResponseStratum& stratum) {
        return stratumName(stratum) == settings_.stratum;
    });
    if (found != strata.end()) {
        return static_cast<int>(found - strata.begin());
    }
    // The one where most changes.
    const auto changed = [this](const ResponseStratum& stratum) {
        return std::count_if(stratum.observed.padj.begin(), stratum.observed.padj.end(),
                             [this](double p) { return p < outcome_->request.alpha; });
    };
    const auto most = std::max_element(strata.begin(), strata.end(),
                                       [&](const auto& a, const auto& b) { return changed(a) < changed(b); });
    return static_cast<int>(most - strata.begin());
}

void ResponsePage::showOutcome(std::shared_ptr<const ResponseOutcome> outcome) {
    outcome_ = std::move(outcome);
    if (outcome_->response.strata.empty()) {
        waiting_->setTexts(tr("Nothing to compare"), outcome_->response.warnings.empty()
                                                         ? QString()
                                                         : textOf(outcome_->response.warnings.front()));
        body_->setCurrentIndex(0);
        return;
    }
    if (std::exchange(shownOutcome_, key_) != key_) {
        shownStratum_.clear();
        const bool first = strata_->rows() == 0;
        strata_->setColumns(static_cast<int>(outcome_->response.strata.size()), strataColumns(*outcome_));
        if (first) {
            strata_->sortBy(1, Qt::DescendingOrder); // by changed genes
        }
        const QString provenance = textOf(describe(*outcome_).dump());
        for (FigureWidget* plot : std::initializer_list<FigureWidget*>{scatter_, dots_, map_}) {
            plot->setProvenance(provenance);
        }
        dots_->setData(observedDots(*outcome_, leadingGenes(*outcome_, dot_genes_shown)));
        map_->setData(effectMap(*outcome_, leadingGenes(*outcome_, map_genes_shown)));
    }
    body_->setCurrentIndex(1);
    showStratum();
}

void ResponsePage::showStratum() {
    const int at = stratumIndex();
    const ResponseStratum& stratum = outcome_->response.strata[static_cast<std::size_t>(at)];
    strata_->setCurrent(at);
    if (std::exchange(shownStratum_, stratumName(stratum)) != stratumName(stratum)) {
        const bool first = genes_->rows() == 0;
        head_->setText(describeStratum(*outcome_, stratum));
        genes_->setColumns(static_cast<int>(outcome_->response.genes.size()),
                           stratumColumns(*outcome_, stratum));
        if (first) {
            genes_->sortBy(2, Qt::AscendingOrder); // by padj
        }
        scatter_->setData(predictedAgainstObserved(*outcome_, stratum));
        scatter_->setFigureName("predicted_observed");
    }
    plots_->setTabVisible(0, !outcome_->response.predictions.empty());
    mark();
}

void ResponsePage::chooseStratum(int stratum) {
    const QString name = stratumName(outcome_->response.strata[static_cast<std::size_t>(stratum)]);
    emit wanted(tr("Show %1").arg(name),
                [name](GenesSettings& settings) { settings.response.stratum = name; });
}

void ResponsePage::choose(std::size_t gene) {
    if (outcome_ && gene < outcome_->response.genes.size()) {
        const QString name = textOf(outcome_->response.genes[gene]);
        chooseGene(observed_, outcome_->request.source, name,
                   [name](GenesSettings& settings) { settings.response.gene = name; });
    }
}

void ResponsePage::chooseNamed(const QString& gene) {
    if (outcome_) {
        const auto& genes = outcome_->response.genes;
        choose(static_cast<std::size_t>(std::find(genes.begin(), genes.end(), gene.toStdString()) -
                                        genes.begin()));
    }
}

void ResponsePage::mark() {
    const auto& genes = outcome_->response.genes;
    const auto found = std::find(genes.begin(), genes.end(), settings_.gene.toStdString());
    const int gene = found == genes.end() ? -1 : static_cast<int>(found - genes.begin());
    genes_->setCurrent(gene);
    scatter_->setHighlighted(gene);
    const ResponseStratum& stratum = outcome_->response.strata[static_cast<std::size_t>(stratumIndex())];
    const int dotRow = static_cast<int>(dots_->data().rows.indexOf(settings_.gene));
    const int mapRow = static_cast<int>(map_->data().rows.indexOf(settings_.gene));
    dots_->setCurrentCell(dotRow, dotRow < 0 ? -1 : stratumIndex());
    map_->setCurrentCell(mapRow, mapRow < 0 ? -1 : stratumIndex());
    DistributionRequest request;
    if (gene >= 0) {
        request.gene = settings_.gene.toStdString();
        request.cells.push_back(
            {tr("observed").toStdString(), workspace_.dataOf(observed_)->data, outcome_->request.source});
        for (const PredictedCells& prediction : outcome_->predictions) {
            request.cells.push_back({prediction.name, prediction.data, prediction.source});
        }
        request.groupby = outcome_->request.pert_col;
        request.groups = {outcome_->request.group};
        request.reference = outcome_->request.reference;
        request.within = outcome_->request.strata;
        request.stratum = stratum.labels;
    }
    distribution_->show(observed_, request);
}

void ResponsePage::exportData() {
    if (!outcome_) {
        return;
    }
    const QFileInfo file(workspace_.dataOf(observed_)->path);
    saveAs(tr("Export the condition table"),
           file.absolutePath() + "/" + file.completeBaseName() + "_conditions.csv",
           [outcome = outcome_](const QString& path, JobContext&) {
               const std::filesystem::path csv = path.toStdString();
               write_file_atomically(csv, condition_response_csv(outcome->request, outcome->response));
               std::filesystem::path agreement = csv, provenance = csv;
               agreement.replace_extension(".agreement.csv");
               provenance.replace_extension(".json");
               write_file_atomically(agreement, response_agreement_csv(outcome->request, outcome->response));
               write_file_atomically(provenance, describe(*outcome).dump(1) + "\n");
           });
}

} // namespace ember

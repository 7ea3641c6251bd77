#pragma once
// The violins of the chosen gene, read in a job.

#include <QWidget>

#include "views/genes/gene_distribution.hpp"
#include "views/genes/result_cache.hpp"

class QStackedWidget;

namespace ember {

class EmptyState;
class ViolinPlot;

class DistributionPane : public QWidget {
    Q_OBJECT
public:
    /// `name`: of the plot, "<name>Violin".
    DistributionPane(Workspace& workspace, const QString& name, QWidget* parent = nullptr);

    /// Without a gene: says how to choose one.
    void show(DocumentRef document, const DistributionRequest& request);
    ViolinPlot* plot() const { return plot_; }

private:
    void refresh();
    Workspace& workspace_;
    ResultCache<ViolinData> results_{12};
    DistributionRequest request_;
    QString key_, shown_;
    QStackedWidget* body_;
    EmptyState* empty_;
    ViolinPlot* plot_;
};

} // namespace ember

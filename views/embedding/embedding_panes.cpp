#include "views/embedding/embedding_panes.hpp"

#include <algorithm>

#include <QGridLayout>
#include <QHBoxLayout>
#include <QToolButton>
#include <QVBoxLayout>

#include "views/embedding/pane_choices.hpp"
#include "views/embedding/pane_tools.hpp"
#include "views/selections.hpp"
#include "widgets/point_cloud_plot.hpp"

namespace ember {

EmbeddingPanes::EmbeddingPanes(Workspace& workspace, const PaneStores& stores, QWidget* parent)
    : QWidget(parent), workspace_(workspace), stores_(stores) {
    setObjectName("embeddingPanes");
    build();
    connect(&workspace_.selections(), &Selections::changed, this, [this](DocumentRef document) {
        for (EmbeddingPane* pane : panes_) {
            if (pane->document() == document) {
                pane->selectionChanged();
            }
        }
        tools_->setClearEnabled(document_ && workspace_.selections().of(document_).any());
    });
}

void EmbeddingPanes::build() {
    grid_ = new QGridLayout;
    grid_->setContentsMargins(0, 0, 0, 0);
    grid_->setSpacing(8);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(buildBar());
    layout->addLayout(grid_, 1);
}

QWidget* EmbeddingPanes::buildBar() {
    tools_ = new PaneTools;
    connect(tools_, &PaneTools::toolChosen, this, &EmbeddingPanes::useTool);
    connect(tools_, &PaneTools::clearWanted, this, [this] { workspace_.selections().clear(document_); });
    connect(tools_, &PaneTools::resetWanted, this, &EmbeddingPanes::resetViews);
    split_ = makeToolButton("splitPane", "view-split-left-right", tr("Split"),
                            tr("One more pane: another prediction of these cells, or another colouring"));
    connect(split_, &QToolButton::clicked, this, &EmbeddingPanes::split);
    tools_->row()->addWidget(split_);
    return tools_;
}

void EmbeddingPanes::useTool(PointTool tool) {
    tools_->setTool(tool);
    for (EmbeddingPane* pane : made_) {
        if (pane->plot()->tool() != tool) {
            pane->plot()->setTool(tool);
        }
    }
}

EmbeddingPane* EmbeddingPanes::makePane() {
    auto* pane = new EmbeddingPane(workspace_, stores_, static_cast<int>(made_.size()) + 1);
    made_.push_back(pane);
    pane->plot()->setToolsVisible(false); // one row for all panes
    pane->plot()->setTool(tools_->tool());
    connect(pane->plot(), &PointCloudPlot::toolChanged, this, [this](PointTool tool) { useTool(tool); });
    connect(pane, &EmbeddingPane::wanted, this,
            [this, pane](const PaneSettings& settings, const QString& text) {
                std::vector<PaneSettings> all = settingsOfPanes();
                const auto at = std::find(panes_.begin(), panes_.end(), pane) - panes_.begin();
                all[static_cast<std::size_t>(at)] = settings;
                emit panesWanted(all, text);
            });
    connect(pane, &EmbeddingPane::legendWanted, this, &EmbeddingPanes::legendWanted);
    connect(pane, &EmbeddingPane::closeWanted, this, [this, pane] { closePane(pane); });
    connect(pane->plot(), &PointCloudPlot::viewRectChanged, this, [this, pane](const QRectF& rect) {
        for (EmbeddingPane* other : panes_) {
            if (other != pane && other->embeddingKey() == pane->embeddingKey()) {
                other->plot()->setViewRect(rect);
            }
        }
    });
    emit plotMade(pane->plot());
    return pane;
}

void EmbeddingPanes::arrange(int count) {
    while (static_cast<int>(made_.size()) < count) {
        makePane();
    }
    if (static_cast<int>(panes_.size()) == count) {
        return;
    }
    for (EmbeddingPane* pane : made_) {
        grid_->removeWidget(pane);
        pane->hide();
    }
    panes_.assign(made_.begin(), made_.begin() + count);
    for (int at = 0; at < count; ++at) {
        EmbeddingPane* pane = panes_[static_cast<std::size_t>(at)];
        const bool wide = count == 3 && at == 2;
        grid_->addWidget(pane, at / 2, at % 2, 1, wide ? 2 : 1);
        pane->setClosable(count > 1);
        pane->show();
    }
    for (int line = 0; line < 2; ++line) { // panes of equal size, and none for empty places
        grid_->setColumnStretch(line, line < std::min(count, 2) ? 1 : 0);
        grid_->setRowStretch(line, line < (count + 1) / 2 ? 1 : 0);
    }
    split_->setEnabled(count < most_panes);
}

void EmbeddingPanes::show(DocumentRef document, const MatrixSource& source,
                          const PredictionSettings& settings) {
    document_ = document;
    arrange(static_cast<int>(settings.panes.size()));
    for (std::size_t at = 0; at < panes_.size(); ++at) {
        panes_[at]->show(document, source, settings.panes[at], settings.legends);
    }
    stores_.colorings.keepOnly(colorKeys());
    tools_->setClearEnabled(workspace_.selections().of(document_).any());
}

std::set<QString> EmbeddingPanes::colorKeys() const {
    std::set<QString> keys;
    for (const EmbeddingPane* pane : panes_) {
        keys.insert(pane->colorKey());
    }
    return keys;
}

std::vector<PaneSettings> EmbeddingPanes::settingsOfPanes() const {
    std::vector<PaneSettings> all;
    for (const EmbeddingPane* pane : panes_) {
        all.push_back(pane->settings());
    }
    return all;
}

PaneSettings EmbeddingPanes::nextPane() const {
    PaneSettings next = panes_.back()->settings();
    const auto shown = [this](DocumentRef document) {
        return std::any_of(panes_.begin(), panes_.end(),
                           [document](const EmbeddingPane* pane) { return pane->document() == document; });
    };
    for (const DocumentRef other : documentsWithCellsOf(workspace_, document_)) {
        if (other.kind == DocumentKind::prediction && !shown(other)) {
            next.document = workspace_.dataOf(other)->path;
            next.embedding = {}; // its own
            return next;
        }
    }
    const QStringList columns = colorColumns(*workspace_.dataOf(panes_.back()->document()));
    for (const QString& column : columns) {
        const bool used = std::any_of(panes_.begin(), panes_.end(), [&column](const EmbeddingPane* pane) {
            return pane->color() == ColorChoice{ColorChoice::Kind::column, column};
        });
        if (!used) {
            next.color = {ColorChoice::Kind::column, column};
            return next;
        }
    }
    next.color = {ColorChoice::Kind::magnitude, {}};
    return next;
}

void EmbeddingPanes::split() {
    if (static_cast<int>(panes_.size()) >= most_panes || !document_) {
        return;
    }
    std::vector<PaneSettings> all = settingsOfPanes();
    all.push_back(nextPane());
    emit panesWanted(all, tr("Split"));
}

void EmbeddingPanes::closePane(EmbeddingPane* pane) {
    std::vector<PaneSettings> all = settingsOfPanes();
    const auto at = std::find(panes_.begin(), panes_.end(), pane);
    if (all.size() > 1 && at != panes_.end()) {
        all.erase(all.begin() + (at - panes_.begin()));
        emit panesWanted(all, tr("Close a pane"));
    }
}

void EmbeddingPanes::resetViews() {
    for (EmbeddingPane* pane : panes_) {
        pane->plot()->resetView();
    }
}

} // namespace ember

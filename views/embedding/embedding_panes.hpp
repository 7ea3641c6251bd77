#pragma once
// One to four panes side by side, with one tool and one selection; panes of the same embedding pan and zoom
// together.

#include <vector>

#include <QWidget>

#include "views/embedding/embedding_pane.hpp"
#include "widgets/point_cloud_plot.hpp"

class QGridLayout;
class QToolButton;

namespace ember {

class PaneTools;

class EmbeddingPanes : public QWidget {
    Q_OBJECT
public:
    EmbeddingPanes(Workspace& workspace, const PaneStores& stores, QWidget* parent = nullptr);

    using QWidget::show;
    void show(DocumentRef document, const MatrixSource& source, const PredictionSettings& settings);
    const std::vector<EmbeddingPane*>& panes() const { return panes_; }
    /// What the panes show now, so that stores can drop the rest.
    std::set<QString> colorKeys() const;

signals:
    void panesWanted(const std::vector<ember::PaneSettings>& panes, const QString& undoText);
    void legendWanted(const QString& key, const QJsonObject& legend, const QString& undoText);
    void plotMade(PointCloudPlot* plot);

public slots:
    void split(); ///< one more pane: the next prediction of these cells, else the next colouring
    void resetViews();

private:
    void build();
    QWidget* buildBar();
    EmbeddingPane* makePane();
    void useTool(PointTool tool);
    void arrange(int count);
    void closePane(EmbeddingPane* pane);
    std::vector<PaneSettings> settingsOfPanes() const;
    PaneSettings nextPane() const;

    Workspace& workspace_;
    PaneStores stores_;
    DocumentRef document_;
    std::vector<EmbeddingPane*> panes_; ///< those that are shown
    std::vector<EmbeddingPane*> made_;  ///< shown ones first; kept, so that names and plots stay
    PaneTools* tools_ = nullptr;
    QGridLayout* grid_ = nullptr;
    QToolButton* split_ = nullptr;
};

} // namespace ember

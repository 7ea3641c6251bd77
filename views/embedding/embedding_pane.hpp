#pragma once
// One picture of the cells: which document, which embedding, which colours. Choices of the user go out as
// signals; what is shown comes in through show().

#include <set>

#include <QWidget>

#include "core/base/cell_selection.hpp"
#include "views/embedding/coloring_store.hpp"
#include "views/embedding/embedding_store.hpp"
#include "views/embedding/pane_settings.hpp"
#include "views/embedding/verdict_store.hpp"

class QComboBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QToolButton;

namespace ember {

class ElidedLabel;
class PointCloudPlot;

/// What all panes of a view share.
struct PaneStores {
    EmbeddingStore& embeddings;
    ColoringStore& colorings;
    VerdictStore& verdicts;
};

class EmbeddingPane : public QWidget {
    Q_OBJECT
public:
    /// `number` from 1 on, at the end of the object names.
    EmbeddingPane(Workspace& workspace, const PaneStores& stores, int number, QWidget* parent = nullptr);

    using QWidget::show;
    /// `viewDocument` and the values `viewSource` of it are what the view is about; a pane may show another
    /// document of the same cells.
    void show(DocumentRef viewDocument, const MatrixSource& viewSource, const PaneSettings& settings,
              const QJsonObject& legends);
    void setClosable(bool closable);

    DocumentRef document() const { return document_; }
    const PaneSettings& settings() const { return settings_; }
    const EmbeddingChoice& embedding() const { return embedding_; } ///< resolved
    const ColorChoice& color() const { return color_; }             ///< resolved
    QString embeddingKey() const;
    QString colorKey() const;
    PointCloudPlot* plot() const { return plot_; }
    void selectionChanged();
    QString note() const; ///< the line below the plot

protected:
    void resizeEvent(QResizeEvent* event) override;

signals:
    void wanted(const ember::PaneSettings& settings, const QString& undoText);
    void legendWanted(const QString& key, const QJsonObject& legend, const QString& undoText);
    void closeWanted();

private:
    void build(int number);
    QWidget* buildHeader(int number);
    void fillDocuments();
    void fillEmbeddings();
    void fillColors();
    void fillGenes();
    void readGenes(const MatrixSource& source);
    void choose(PaneSettings settings, const QString& undoText);
    void chooseColor(int index);
    void chooseGene();
    void showPoints();
    void showColors();
    void showNote();
    QString hoverText(qint64 cell) const;
    void placeLegend();
    void pressed(); ///< the button beside the note
    bool startsByItself() const;

    Workspace& workspace_;
    PaneStores stores_;
    DocumentRef viewDocument_, document_;
    MatrixSource source_;
    PaneSettings settings_;
    EmbeddingChoice embedding_;
    ColorChoice color_;
    QJsonObject legend_;
    PointColors base_; ///< colours without the user's changes
    QString pointsShown_, genesOf_;
    QComboBox *documents_ = nullptr, *embeddings_ = nullptr, *colors_ = nullptr;
    QLineEdit* gene_ = nullptr;
    QToolButton* close_ = nullptr;
    PointCloudPlot* plot_ = nullptr;
    ElidedLabel *note_ = nullptr, *verdict_ = nullptr;
    QPushButton* action_ = nullptr;
};

} // namespace ember

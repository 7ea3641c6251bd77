#pragma once
// The Predictions view: pictures of the cells on the left, statistics of the values on the right, what must
// be known above. Works on any matrix of a data set too.

#include <functional>
#include <memory>
#include <optional>

#include <QPointer>

#include "views/embedding/pane_settings.hpp"
#include "views/embedding/statistics_choice.hpp"
#include "views/view.hpp"

class QComboBox;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QVBoxLayout;

namespace ember {

class ColoringStore;
class ElidedLabel;
class EmbeddingPanes;
class EmbeddingStore;
class EmptyState;
class PointCloudPlot;
class StatisticsPane;
class VerdictStore;
struct CellStatistics;

class PredictionView : public View {
    Q_OBJECT
public:
    explicit PredictionView(Workspace& workspace, QWidget* parent = nullptr);
    ~PredictionView() override;

    DocumentRef document() const override { return document_; }
    void showDocument(DocumentRef document) override;
    QJsonObject settings() const override;
    void restore(const QJsonObject& settings) override;
    bool canExport() const override { return statistics_ != nullptr; }
    void exportData() override; ///< asks for a folder

    /// Writes the tables as CSV into `folder`, as a job; ends with a message that says where they are.
    void exportTo(const QString& folder);
    /// The six-panel figure of the values shown: asks where, then makes it as a job.
    void saveFigure();

    const StatisticsChoice& choice() const { return choice_; }
    void setChoice(const StatisticsChoice& choice); ///< undoable
    const StatisticsResult* result() const;         ///< null while computed
    StatisticsPane* pane() const { return pane_; }
    EmbeddingPanes* panes() const { return panes_; }

signals:
    void computed();

private:
    void build();
    QWidget* buildHead();
    QWidget* buildChoices();
    QWidget* buildStatistics();
    template<typename Plot>
    void reportExports(Plot* plot);
    void edit(const QString& text, const std::function<void(PredictionSettings&)>& change);
    void apply(PredictionSettings settings);
    StatisticsChoice choiceOf(const PredictionSettings& settings) const;
    void showBanners();
    void fillChoices();
    void choicesChanged();
    void showPanes();
    void share(); ///< of the width between pictures and statistics, until the user moves the line
    void dropComputing();
    void compute();
    void setResult(const StatisticsRequest& request, std::shared_ptr<const CellStatistics> statistics);
    void showStatistics();
    void showSelection();
    /// Asked by another view; brings nothing to the front.
    void colorByGene(DocumentRef document, const MatrixSource& source, const QString& gene);
    void colorBy(DocumentRef document, const ColorChoice& color);
    void selectGroups(int table, const std::vector<int>& groups);
    const DatasetDocument* data() const { return workspace_.dataOf(document_); }

    Workspace& workspace_;
    DocumentRef document_;
    PredictionSettings settings_;
    StatisticsChoice choice_;
    StatisticsRequest request_;
    std::shared_ptr<const CellStatistics> statistics_;
    QPointer<Job> computing_;
    EmbeddingStore* embeddings_ = nullptr;
    ColoringStore* colorings_ = nullptr;
    VerdictStore* verdicts_ = nullptr;
    QStackedWidget* pages_ = nullptr;
    EmptyState *empty_ = nullptr, *waiting_ = nullptr;
    QVBoxLayout* banners_ = nullptr;
    ElidedLabel* title_ = nullptr;
    QComboBox *source_ = nullptr, *group_ = nullptr, *crossed_ = nullptr;
    QPushButton *export_ = nullptr, *figure_ = nullptr;
    QSplitter* split_ = nullptr;
    bool splitByUser_ = false;
    QStackedWidget* body_ = nullptr;
    EmbeddingPanes* panes_ = nullptr;
    StatisticsPane* pane_ = nullptr;
};

} // namespace ember

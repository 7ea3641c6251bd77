#pragma once
// The Predictions view: banners, statistics by group, magnitudes, CSV export. Works on any matrix of a data
// set too.

#include <optional>

#include <QPointer>

#include "views/prediction/statistics_choice.hpp"
#include "views/view.hpp"

class QComboBox;
class QLabel;
class QPushButton;
class QStackedWidget;
class QVBoxLayout;

namespace ember {

class EmptyState;
class StatisticsPane;

class PredictionView : public View {
    Q_OBJECT
public:
    explicit PredictionView(Workspace& workspace, QWidget* parent = nullptr);

    DocumentRef document() const override { return document_; }
    void showDocument(DocumentRef document) override;
    QJsonObject settings() const override;
    void restore(const QJsonObject& settings) override;
    bool canExport() const override { return result_.has_value(); }
    void exportData() override; ///< asks for a folder

    /// Writes the tables as CSV into `folder`, as a job; ends with a message that says where they are.
    void exportTo(const QString& folder);

    const StatisticsChoice& choice() const { return choice_; }
    void setChoice(const StatisticsChoice& choice);
    const std::optional<StatisticsResult>& result() const { return result_; } ///< none while computed
    StatisticsPane* pane() const { return pane_; }

signals:
    void computed();

private:
    void build();
    QWidget* buildChoices();
    void showBanners();
    void fillChoices();
    void choicesChanged();
    void dropComputing();
    void compute();
    void setResult(const StatisticsRequest& request, StatisticsResult result);
    const DatasetDocument* data() const { return workspace_.dataOf(document_); }

    Workspace& workspace_;
    DocumentRef document_;
    StatisticsChoice choice_;
    QString rememberedGroup_;
    StatisticsRequest request_;
    std::optional<StatisticsResult> result_;
    QPointer<Job> computing_;
    QStackedWidget* pages_ = nullptr;
    EmptyState *empty_ = nullptr, *waiting_ = nullptr;
    QWidget* content_ = nullptr;
    QVBoxLayout* banners_ = nullptr;
    QLabel* title_ = nullptr;
    QComboBox *source_ = nullptr, *group_ = nullptr, *crossed_ = nullptr;
    QPushButton* export_ = nullptr;
    QStackedWidget* body_ = nullptr;
    StatisticsPane* pane_ = nullptr;
};

} // namespace ember

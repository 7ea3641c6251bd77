#include "views/dataset/overview_page.hpp"

#include <algorithm>

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QTimer>
#include <QVBoxLayout>

#include "views/dataset/column_card.hpp"
#include "views/dataset/matrix_table.hpp"
#include "views/dataset/schema_form.hpp"
#include "widgets/flow_layout.hpp"
#include "widgets/formatting.hpp"
#include "widgets/message_bar.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

QScrollArea* scrolling(QWidget* content, const char* name, const QString& accessible, QWidget* parent) {
    auto* area = new QScrollArea(parent);
    area->setObjectName(QLatin1String(name));
    area->setAccessibleName(accessible);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setWidget(content);
    return area;
}

void clearLayout(QLayout& layout) {
    while (QLayoutItem* item = layout.takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

QLabel* textBlock(const char* name, QWidget* parent) {
    auto* label = new QLabel(parent);
    label->setObjectName(QLatin1String(name));
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace

OverviewPage::OverviewPage(QWidget* parent) : QWidget(parent) {
    auto* left = new QWidget;
    sections_ = new QVBoxLayout(left);
    sections_->setContentsMargins(16, 10, 16, 16);
    sections_->setSpacing(8);
    problems_ = new QWidget(left);
    auto* bars = new QVBoxLayout(problems_);
    bars->setContentsMargins(0, 0, 0, 4);
    sections_->addWidget(problems_);
    addHeading(tr("Matrices"));
    matrices_ = new MatrixTable(left);
    sections_->addWidget(matrices_);
    columnsHeading_ = addHeading(tr("Columns of the cells (obs)"));
    columns_ = new QWidget(left);
    new FlowLayout(columns_, 15); // the widget owns it
    sections_->addWidget(columns_);
    more_ = new QPushButton(left);
    more_->setObjectName(QStringLiteral("moreColumns"));
    more_->setProperty("flat", true);
    sections_->addWidget(more_, 0, Qt::AlignLeft);
    connect(more_, &QPushButton::clicked, this, &OverviewPage::showMoreCards);
    cardTimer_ = new QTimer(this);
    cardTimer_->setSingleShot(true);
    cardTimer_->setInterval(0);
    connect(cardTimer_, &QTimer::timeout, this, &OverviewPage::addCards);
    genesHeading_ = addHeading(tr("Columns of the genes (var)"));
    genes_ = textBlock("varColumns", left);
    sections_->addWidget(genes_);
    unsHeading_ = addHeading(tr("Further members (uns)"));
    uns_ = textBlock("unsKeys", left);
    sections_->addWidget(uns_);
    sections_->addStretch();

    auto* right = new QWidget;
    auto* rightColumn = new QVBoxLayout(right);
    rightColumn->setContentsMargins(16, 10, 16, 16);
    auto* heading = new QLabel(tr("What the columns mean"), right);
    setRole(heading, "heading");
    schema_ = new SchemaForm(right);
    rightColumn->addWidget(heading);
    rightColumn->addWidget(schema_);
    rightColumn->addStretch();

    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(scrolling(left, "datasetOverview", tr("What is in the file"), this), 1);
    auto* rule = new QFrame(this);
    rule->setFixedWidth(1);
    setRole(rule, "line");
    row->addWidget(rule);
    auto* side = scrolling(right, "datasetSchema", tr("What the columns mean"), this);
    side->setFixedWidth(lengthInEms(this, 18)); // the fields beside a scroll bar
    row->addWidget(side);
    connect(schema_, &SchemaForm::schemaChosen, this, &OverviewPage::schemaChosen);
}

QLabel* OverviewPage::addHeading(const QString& text) {
    auto* heading = new QLabel(text, this);
    setRole(heading, "heading");
    sections_->addWidget(heading);
    return heading;
}

void OverviewPage::setDocument(const DatasetDocument& document) {
    showProblems(document.problems);
    matrices_->setMatrices({});
    genes_->setText(tr("Reading …"));
    uns_->setText(tr("Reading …"));
    clearLayout(*columns_->layout());
    cards_.clear();
    summaries_.clear();
    QStringList names;
    for (const ColumnInfo& column : document.data->obs_columns()) {
        ColumnSummary summary;
        summary.name = QString::fromStdString(column.name);
        summary.dtype = QString::fromStdString(column.dtype);
        names << summary.name;
        summaries_.push_back(std::move(summary));
    }
    arrived_.assign(summaries_.size(), false);
    overviewRead_ = interrupted_ = false;
    wantedCards_ = 0;
    cardTimer_->stop();
    columnsHeading_->setText(
        tr("Columns of the cells (obs): %1").arg(formatCount(static_cast<std::int64_t>(summaries_.size()))));
    showMoreCards();
    QStringList embeddings;
    if (document.data->has_x())
        embeddings << QStringLiteral("X");
    for (const MemberInfo& member : document.data->obsm())
        embeddings << QString::fromStdString(member.key);
    schema_->setChoices(names, embeddings);
    schema_->setSchema(document.schema);
}

void OverviewPage::setSchema(const Schema& schema) {
    schema_->setSchema(schema);
}

void OverviewPage::showProblems(const std::vector<DataProblem>& problems) {
    clearLayout(*problems_->layout());
    for (const DataProblem& problem : problems) {
        BarMessage message;
        message.kind = problem.serious ? BarKind::warning : BarKind::information;
        message.title = QString::fromStdString(problem.title);
        message.text = QString::fromStdString(problem.remedy);
        auto* bar = new MessageBar(message, problems_);
        bar->setClosable(false);
        problems_->layout()->addWidget(bar);
    }
    problems_->setVisible(!problems.empty());
}

void OverviewPage::setInterrupted() {
    interrupted_ = true;
    if (!overviewRead_) {
        genes_->setText(tr("Not read"));
        uns_->setText(tr("Not read"));
    }
    for (std::size_t i = 0; i < cards_.size(); ++i) {
        if (!arrived_[i])
            cards_[i]->setNote(tr("Not read"));
    }
}

void OverviewPage::setOverview(const FileOverview& overview) {
    overviewRead_ = true;
    matrices_->setMatrices(overview.matrices);
    const auto fill = [](QLabel* heading, QLabel* label, const QStringList& keys) {
        label->setText(keys.join(QStringLiteral("   ·   ")));
        label->setVisible(!keys.isEmpty());
        heading->setVisible(!keys.isEmpty());
    };
    fill(genesHeading_, genes_, overview.varColumns);
    fill(unsHeading_, uns_, overview.uns);
}

void OverviewPage::showMoreCards() {
    constexpr std::size_t atOnce = 24;
    const bool idle = cards_.size() == wantedCards_;
    wantedCards_ = std::min(summaries_.size(), wantedCards_ + atOnce);
    const auto rest = static_cast<std::int64_t>(summaries_.size() - wantedCards_);
    more_->setText(tr("Show more (%1 left)").arg(formatCount(rest, tr("column"), tr("columns"))));
    more_->setAccessibleName(more_->text());
    more_->setVisible(rest > 0);
    if (idle)
        addCards();
}

void OverviewPage::addCards() {
    constexpr std::size_t batch = 6; // what can be made and laid out within a frame
    const std::size_t end = std::min(wantedCards_, cards_.size() + batch);
    for (std::size_t i = cards_.size(); i < end; ++i) {
        auto* card = new ColumnCard(summaries_[i].name, summaries_[i].dtype, columns_);
        if (arrived_[i])
            card->setSummary(summaries_[i]);
        else if (interrupted_)
            card->setNote(tr("Not read"));
        columns_->layout()->addWidget(card);
        cards_.push_back(card);
    }
    if (end < wantedCards_)
        cardTimer_->start();
}

void OverviewPage::setColumn(int column, const ColumnSummary& summary) {
    const auto index = static_cast<std::size_t>(column);
    if (column < 0 || index >= summaries_.size())
        return;
    summaries_[index] = summary;
    arrived_[index] = true;
    if (index < cards_.size())
        cards_[index]->setSummary(summary);
    schema_->setLabels(summary.name, summary.labels);
}

} // namespace ember

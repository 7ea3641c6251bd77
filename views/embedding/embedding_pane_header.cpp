// The head of a pane: its choices, and what stands in them.

#include <QComboBox>
#include <QCompleter>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStringListModel>
#include <QToolButton>
#include <QVBoxLayout>

#include "views/embedding/embedding_pane.hpp"
#include "views/embedding/gene_completion.hpp"
#include "views/embedding/pane_choices.hpp"
#include "widgets/elided_label.hpp"
#include "widgets/icon.hpp"
#include "widgets/point_cloud_plot.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

constexpr int keyRole = Qt::UserRole + 1;

QComboBox* makeBox(const char* name, int number, const QString& accessible, const QString& tip) {
    auto* box = new QComboBox;
    box->setObjectName(QString("%1%2").arg(QLatin1String(name)).arg(number));
    box->setAccessibleName(QString("%1, pane %2").arg(accessible).arg(number));
    box->setToolTip(tip);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(5);
    box->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    return box;
}

void addChoice(QComboBox& box, const QString& text, int kind, const QString& key) {
    box.addItem(text, kind);
    box.setItemData(box.count() - 1, key, keyRole);
    box.setItemData(box.count() - 1, text, Qt::ToolTipRole);
}

void select(QComboBox& box, int kind, const QString& key) {
    for (int index = 0; index < box.count(); ++index) {
        if (box.itemData(index).toInt() == kind && box.itemData(index, keyRole).toString() == key) {
            box.setCurrentIndex(index);
        }
    }
}

} // namespace

void EmbeddingPane::build(int number) {
    setObjectName(QString("embeddingPane%1").arg(number));
    plot_ = new PointCloudPlot;
    plot_->setObjectName(QString("pointCloud%1").arg(number));
    plot_->setAccessibleName(tr("Cells, pane %1").arg(number));
    plot_->setMinimumSize(lengthInEms(this, 12), lengthInEms(this, 7));
    note_ = new ElidedLabel;
    note_->setObjectName(QString("paneNote%1").arg(number));
    setRole(note_, "muted");
    verdict_ = new ElidedLabel;
    verdict_->setObjectName(QString("paneVerdict%1").arg(number));
    action_ = new QPushButton;
    action_->setObjectName(QString("paneAction%1").arg(number));
    connect(action_, &QPushButton::clicked, this, &EmbeddingPane::pressed);
    auto* foot = new QHBoxLayout;
    foot->setContentsMargins(0, 0, 0, 0);
    foot->addWidget(note_, 1);
    foot->addWidget(action_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(buildHeader(number));
    layout->addWidget(verdict_);
    layout->addWidget(plot_, 1);
    layout->addLayout(foot);
}

QWidget* EmbeddingPane::buildHeader(int number) {
    documents_ =
        makeBox("paneDocument", number, tr("Document"), tr("Which document of these cells is shown"));
    embeddings_ = makeBox("paneEmbedding", number, tr("Embedding"), tr("Where the cells lie"));
    colors_ = makeBox("paneColor", number, tr("Colour"), tr("What the colours mean"));
    gene_ = new QLineEdit;
    gene_->setObjectName(QString("paneGene%1").arg(number));
    gene_->setAccessibleName(tr("Gene, pane %1").arg(number));
    gene_->setPlaceholderText(tr("Gene"));
    gene_->setMinimumWidth(lengthInEms(this, 4));
    close_ = new QToolButton;
    close_->setObjectName(QString("paneClose%1").arg(number));
    close_->setAccessibleName(tr("Close pane %1").arg(number));
    close_->setToolTip(tr("Close this pane"));
    close_->setIcon(icon("window-close", IconColor::muted));
    close_->setAutoRaise(true);
    auto* header = new QWidget;
    auto* grid = new QGridLayout(header);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(4);
    grid->addWidget(documents_, 0, 0, 1, 3);
    grid->addWidget(embeddings_, 1, 0);
    grid->addWidget(colors_, 1, 1);
    grid->addWidget(gene_, 1, 2);
    grid->addWidget(close_, 0, 3, 2, 1, Qt::AlignTop);
    for (int column = 0; column < 3; ++column) {
        grid->setColumnStretch(column, column < 2 ? 3 : 2);
    }

    connect(documents_, &QComboBox::currentIndexChanged, this, [this](int index) {
        PaneSettings settings = settings_;
        settings.document = documents_->itemData(index).toString();
        choose(settings, tr("Show %1").arg(documents_->itemText(index)));
    });
    connect(embeddings_, &QComboBox::currentIndexChanged, this, [this](int index) {
        PaneSettings settings = settings_;
        settings.embedding = {static_cast<EmbeddingChoice::Kind>(embeddings_->itemData(index).toInt()),
                              embeddings_->itemData(index, keyRole).toString()};
        choose(settings, tr("Show %1").arg(embeddings_->itemText(index)));
    });
    connect(colors_, &QComboBox::currentIndexChanged, this, &EmbeddingPane::chooseColor);
    connect(gene_, &QLineEdit::returnPressed, this, &EmbeddingPane::chooseGene);
    connect(close_, &QToolButton::clicked, this, &EmbeddingPane::closeWanted);
    return header;
}

void EmbeddingPane::setClosable(bool closable) {
    close_->setVisible(closable);
}

void EmbeddingPane::fillDocuments() {
    const QSignalBlocker quiet(documents_);
    documents_->clear();
    const std::vector<DocumentRef> all = documentsWithCellsOf(workspace_, viewDocument_);
    for (const DocumentRef other : all) {
        const DatasetDocument& data = *workspace_.dataOf(other);
        // The view's own document is named by nothing, so that the pane follows the view.
        documents_->addItem(data.name, other == viewDocument_ ? QString() : data.path);
        documents_->setItemData(documents_->count() - 1, data.path, Qt::ToolTipRole);
        if (other == document_) {
            documents_->setCurrentIndex(documents_->count() - 1);
        }
    }
    documents_->setVisible(all.size() > 1);
}

void EmbeddingPane::fillEmbeddings() {
    const QSignalBlocker quiet(embeddings_);
    embeddings_->clear();
    std::vector<EmbeddingChoice> choices = embeddingsOf(*workspace_.dataOf(document_)->data);
    choices.push_back({EmbeddingChoice::Kind::umap, {}});
    for (const EmbeddingChoice& choice : choices) {
        const bool umap = choice.kind == EmbeddingChoice::Kind::umap;
        addChoice(*embeddings_, umap ? tr("UMAP") : choice.key, static_cast<int>(choice.kind), choice.key);
        embeddings_->setItemData(embeddings_->count() - 1, embeddingText(choice, source_), Qt::ToolTipRole);
    }
    select(*embeddings_, static_cast<int>(embedding_.kind), embedding_.key);
}

void EmbeddingPane::fillColors() {
    using Kind = ColorChoice::Kind;
    const QSignalBlocker quiet(colors_);
    colors_->clear();
    const DatasetDocument& data = *workspace_.dataOf(document_);
    const auto add = [this](Kind kind, const QString& key) {
        addChoice(*colors_, colorText({kind, key}), static_cast<int>(kind), key);
    };
    for (const QString& column : colorColumns(data)) {
        add(Kind::column, column);
    }
    add(Kind::magnitude, {});
    if (data.data->has_x()) {
        add(Kind::gene, {});
    }
    if (source_.kind != MatrixSource::Kind::x) {
        add(Kind::predictedGene, {});
    }
    add(Kind::plain, {});
    const bool gene = color_.kind == Kind::gene || color_.kind == Kind::predictedGene;
    select(*colors_, static_cast<int>(color_.kind), gene ? QString() : color_.key);
}

void EmbeddingPane::fillGenes() {
    const bool gene =
        color_.kind == ColorChoice::Kind::gene || color_.kind == ColorChoice::Kind::predictedGene;
    gene_->setVisible(gene);
    if (!gene) {
        return;
    }
    gene_->setText(color_.key);
    const MatrixSource source = color_.kind == ColorChoice::Kind::gene ? MatrixSource() : source_;
    const QString wanted = QString("%1/%2").arg(document_.id).arg(QString::fromStdString(to_string(source)));
    if (wanted != genesOf_) {
        genesOf_ = wanted;
        readGenes(source);
    }
}

void EmbeddingPane::readGenes(const MatrixSource& source) {
    gene_->setCompleter(nullptr);
    const QString wanted = genesOf_;
    readGeneNames(
        workspace_, *workspace_.dataOf(document_), source, this, [this, wanted](const QStringList& names) {
            if (wanted != genesOf_) {
                return;
            }
            const QCompleter* completer = completeNames(gene_, names);
            connect(completer, qOverload<const QString&>(&QCompleter::activated), this,
                    &EmbeddingPane::chooseGene, Qt::QueuedConnection); // after it has filled the field
        });
}

} // namespace ember

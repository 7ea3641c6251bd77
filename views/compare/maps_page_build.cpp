// The maps' widgets, and what stands in their choices.

#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QStringListModel>
#include <QVBoxLayout>

#include "views/compare/map_colors.hpp"
#include "views/compare/map_pane.hpp"
#include "views/compare/maps_page.hpp"
#include "views/embedding/gene_completion.hpp"
#include "views/embedding/pane_choices.hpp"
#include "views/embedding/pane_tools.hpp"
#include "views/selections.hpp"
#include "widgets/elided_label.hpp"
#include "widgets/point_legend.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

constexpr int keyRole = Qt::UserRole + 1;

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

QLabel* labelFor(const QString& text, QWidget* buddy) {
    auto* label = new QLabel(text);
    label->setBuddy(buddy);
    return label;
}

} // namespace

void MapsPage::build() {
    grid_ = new QGridLayout;
    grid_->setContentsMargins(0, 0, 0, 0);
    grid_->setSpacing(8);
    legend_ = new PointLegend;
    note_ = new ElidedLabel;
    note_->setObjectName("mapsNote");
    setRole(note_, "muted");
    action_ = new QPushButton;
    action_->setObjectName("mapsAction");
    connect(action_, &QPushButton::clicked, this, &MapsPage::pressed);
    auto* foot = new QHBoxLayout;
    foot->addWidget(note_, 1);
    foot->addWidget(action_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(buildChoices());
    layout->addWidget(buildBar());
    layout->addLayout(grid_, 1);
    layout->addLayout(foot);
}

QWidget* MapsPage::buildChoices() {
    layouts_ = makeCompareBox("mapLayout", tr("Places"), tr("Where the cells lie, in all maps alike"));
    colors_ =
        makeCompareBox("mapColor", tr("Colour"), tr("What the colours mean, with one scale for all maps"));
    references_ = makeCompareBox("mapReference", tr("Reference"), tr("What differences are taken from"));
    gene_ = new QLineEdit;
    gene_->setObjectName("mapGene");
    gene_->setAccessibleName(tr("Gene"));
    gene_->setPlaceholderText(tr("Gene"));
    gene_->setMinimumWidth(lengthInEms(this, 4));
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(labelFor(tr("Places"), layouts_));
    layout->addWidget(layouts_, 3);
    layout->addWidget(labelFor(tr("Colour"), colors_));
    layout->addWidget(colors_, 3);
    layout->addWidget(gene_, 2);
    layout->addWidget(references_, 2);
    connect(layouts_, &QComboBox::currentIndexChanged, this, [this](int index) {
        const MapLayout layout{static_cast<MapLayout::Kind>(layouts_->itemData(index).toInt()),
                               layouts_->itemData(index, keyRole).toString()};
        edit_(tr("Show %1").arg(layouts_->itemText(index)),
              [&](CompareSettings& settings) { settings.maps.layout = layout; });
    });
    connect(colors_, &QComboBox::currentIndexChanged, this, &MapsPage::chooseColor);
    connect(references_, &QComboBox::currentIndexChanged, this, [this](int index) {
        MapColor color = color_;
        color.reference = references_->itemData(index).toString();
        edit_(tr("Differences from %1").arg(references_->itemText(index)),
              [&](CompareSettings& settings) { settings.maps.color = color; });
    });
    connect(gene_, &QLineEdit::returnPressed, this, [this] {
        MapColor color = color_;
        color.key = gene_->text().trimmed();
        if (!color.key.isEmpty() && color.isGene()) {
            edit_(tr("Colour by %1").arg(color.key),
                  [&](CompareSettings& settings) { settings.maps.color = color; });
        }
    });
    return row;
}

QWidget* MapsPage::buildBar() {
    tools_ = new PaneTools("map");
    arrows_ = makeCompareBox("mapArrows", tr("Arrows"),
                             tr("Arrows from where cells are to where they are predicted"));
    const std::pair<MapArrows, QString> kinds[] = {{MapArrows::none, tr("No arrows")},
                                                   {MapArrows::fromControl, tr("From control to group")},
                                                   {MapArrows::ofGroups, tr("Groups, real to predicted")},
                                                   {MapArrows::ofCells, tr("Cells, real to predicted")}};
    for (const auto& [kind, text] : kinds) {
        arrows_->addItem(text, static_cast<int>(kind));
    }
    paths_ = new QCheckBox(tr("Paths in time"));
    paths_->setObjectName("mapPaths");
    paths_->setToolTip(tr("Centres of groups (medians of their places) from time point to time point; "
                          "predicted ones are dashed"));
    cellTypes_ = makeCompareBox("mapCellType", tr("Cell type"), tr("Whose arrows and paths are drawn"));
    QHBoxLayout* row = tools_->row();
    row->addWidget(arrows_);
    row->addWidget(paths_);
    row->addWidget(cellTypes_);
    for (QComboBox* box : {arrows_, cellTypes_}) {
        box->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
        box->setMinimumContentsLength(9);
    }
    arrows_->setMinimumContentsLength(18); // as long as its longest entry
    connect(tools_, &PaneTools::toolChosen, this, [this](PointTool tool) {
        tools_->setTool(tool);
        for (MapPane* pane : made_) {
            pane->plot()->setTool(tool);
        }
    });
    connect(tools_, &PaneTools::clearWanted, this, [this] {
        for (const ComparedFile& file : files_) {
            workspace_.selections().clear(file.document);
        }
    });
    connect(tools_, &PaneTools::resetWanted, this, [this] {
        view_ = {};
        showView();
    });
    connect(arrows_, &QComboBox::currentIndexChanged, this, [this](int index) {
        const auto kind = static_cast<MapArrows>(arrows_->itemData(index).toInt());
        edit_(tr("Arrows: %1").arg(arrows_->itemText(index)),
              [kind](CompareSettings& settings) { settings.maps.arrows = kind; });
    });
    connect(paths_, &QCheckBox::toggled, this, [this](bool on) {
        edit_(on ? tr("Show paths in time") : tr("Hide paths in time"),
              [on](CompareSettings& settings) { settings.maps.paths = on; });
    });
    connect(cellTypes_, &QComboBox::currentIndexChanged, this, [this](int index) {
        const QString type = cellTypes_->itemData(index).toString();
        edit_(tr("Arrows and paths of %1").arg(cellTypes_->itemText(index)),
              [&type](CompareSettings& settings) { settings.maps.cellType = type; });
    });
    return tools_;
}

void MapsPage::fillLayouts() {
    const QSignalBlocker quiet(layouts_);
    layouts_->clear();
    addChoice(*layouts_, tr("Joint UMAP of all"), static_cast<int>(MapLayout::Kind::joint), {});
    addChoice(*layouts_, tr("UMAP of the real cells"), static_cast<int>(MapLayout::Kind::ontoReal), {});
    layouts_->setItemData(1, tr("A UMAP of the real cells alone; predicted cells are placed among them"),
                          Qt::ToolTipRole);
    if (!files_.empty()) {
        for (const EmbeddingChoice& choice :
             embeddingsOf(*workspace_.dataOf(files_.front().document)->data)) {
            addChoice(*layouts_, choice.key, static_cast<int>(MapLayout::Kind::stored), choice.key);
        }
    }
    layout_ = settings_.maps.layout;
    select(*layouts_, static_cast<int>(layout_.kind), layout_.key);
    if (layouts_->currentData(keyRole).toString() != layout_.key) { // of another file
        layout_ = {};
        layouts_->setCurrentIndex(0);
    }
}

void MapsPage::fillColors() {
    using Kind = MapColor::Kind;
    const QSignalBlocker quiet(colors_), quietReference(references_);
    colors_->clear();
    references_->clear();
    const auto add = [this](Kind kind, const QString& key) {
        addChoice(*colors_, mapColorText({kind, key, {}}), static_cast<int>(kind), key);
    };
    for (const QString& column :
         files_.empty() ? QStringList() : colorColumns(*workspace_.dataOf(files_.front().document))) {
        add(Kind::column, column);
    }
    for (const Kind kind : {Kind::distance, Kind::gene, Kind::geneDifference, Kind::magnitude, Kind::plain}) {
        add(kind, {});
    }
    select(*colors_, static_cast<int>(color_.kind), color_.kind == Kind::column ? color_.key : QString());
    for (const ComparedFile& file : files_) {
        const bool real = set_.real && file.document == set_.real->document;
        references_->addItem(file.name, real ? QString() : file.path);
    }
    references_->setCurrentIndex(std::max(0, references_->findData(color_.reference)));
    references_->setVisible(color_.isDifference());
    gene_->setVisible(color_.isGene());
    gene_->setText(color_.isGene() ? color_.key : QString());
    if (color_.isGene()) {
        readGenes();
    }
}

void MapsPage::fillOverlays() {
    const QSignalBlocker quietArrows(arrows_), quietPaths(paths_);
    arrows_->setCurrentIndex(arrows_->findData(static_cast<int>(settings_.maps.arrows)));
    paths_->setChecked(settings_.maps.paths);
    paths_->setEnabled(!set_.columns.time.empty());
    cellTypes_->setVisible(!set_.columns.cellType.empty());
    cellTypes_->setEnabled(settings_.maps.paths || settings_.maps.arrows != MapArrows::none);
    readCellTypes();
}

void MapsPage::readGenes() {
    if (files_.empty()) {
        return;
    }
    const ComparedFile& file = files_.front();
    const QString wanted = QString("%1/%2").arg(file.path, QString::fromStdString(to_string(file.source)));
    if (wanted == genesOf_) {
        return;
    }
    genesOf_ = wanted;
    gene_->setCompleter(nullptr);
    readGeneNames(workspace_, *workspace_.dataOf(file.document), file.source, this,
                  [this, wanted](const QStringList& names) {
                      if (wanted != genesOf_) {
                          return;
                      }
                      const QCompleter* completer = completeNames(gene_, names);
                      connect(completer, qOverload<const QString&>(&QCompleter::activated), gene_,
                              &QLineEdit::returnPressed,
                              Qt::QueuedConnection); // after it has filled the field
                  });
}

void MapsPage::readCellTypes() {
    const auto show = [this](const QStringList& types) {
        const QSignalBlocker quiet(cellTypes_);
        cellTypes_->clear();
        cellTypes_->addItem(tr("All cell types"), QString());
        for (const QString& type : types) {
            cellTypes_->addItem(type, type);
        }
        cellTypes_->setCurrentIndex(std::max(0, cellTypes_->findData(settings_.maps.cellType)));
    };
    const QString column = QString::fromStdString(set_.columns.cellType);
    const QString wanted = files_.empty() ? QString() : QString("%1/%2").arg(files_.front().path, column);
    if (wanted == typesOf_) {
        const QSignalBlocker quiet(cellTypes_);
        cellTypes_->setCurrentIndex(std::max(0, cellTypes_->findData(settings_.maps.cellType)));
        return;
    }
    typesOf_ = wanted;
    show({});
    if (files_.empty() || column.isEmpty()) {
        return;
    }
    runJob(
        workspace_, tr("Cell types of %1").arg(files_.front().name),
        [data = workspace_.dataOf(files_.front().document)->data, columns = set_.columns](JobContext&) {
            QStringList names;
            for (const std::string& name : map_groups(*data, columns).cellType.categories) {
                names << QString::fromStdString(name);
            }
            return names;
        },
        this,
        [this, wanted, show](const QStringList& names) {
            if (wanted == typesOf_) {
                show(names);
            }
        });
}

} // namespace ember

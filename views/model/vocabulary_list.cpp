#include "views/model/vocabulary_list.hpp"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QSortFilterProxyModel>
#include <QStringListModel>
#include <QVBoxLayout>

#include "widgets/formatting.hpp"
#include "widgets/theme.hpp"

namespace ember {

namespace {

QStringList namesAt(const nlohmann::json& report, const char* pointer) {
    QStringList names;
    const nlohmann::json::json_pointer place(pointer);
    if (report.contains(place) && report[place].is_array()) {
        for (const auto& name : report[place]) {
            names << QString::fromStdString(name.get<std::string>());
        }
    }
    return names;
}

} // namespace

VocabularyList::VocabularyList(QWidget* parent) : QWidget(parent) {
    kind_ = new QComboBox;
    kind_->setObjectName("vocabularyKind");
    kind_->setAccessibleName(tr("Kind of names"));
    filter_ = new QLineEdit;
    filter_->setObjectName("vocabularyFilter");
    filter_->setAccessibleName(tr("Filter names"));
    filter_->setPlaceholderText(tr("Filter"));
    filter_->setClearButtonEnabled(true);
    names_ = new QStringListModel(this);
    shown_ = new QSortFilterProxyModel(this);
    shown_->setSourceModel(names_);
    shown_->setFilterCaseSensitivity(Qt::CaseInsensitive);
    list_ = new QListView;
    list_->setObjectName("vocabularyList");
    list_->setAccessibleName(tr("Names that the model knows"));
    list_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    list_->setUniformItemSizes(true);
    list_->setModel(shown_);
    count_ = new QLabel;
    setRole(count_, "muted");
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(kind_);
    layout->addWidget(filter_);
    layout->addWidget(list_, 1);
    layout->addWidget(count_);
    connect(kind_, &QComboBox::currentIndexChanged, this, &VocabularyList::showKind);
    connect(filter_, &QLineEdit::textChanged, this, [this](const QString& text) {
        shown_->setFilterFixedString(text);
        count();
    });
}

void VocabularyList::show(const nlohmann::json& report) {
    const QSignalBlocker quiet(kind_);
    kind_->clear();
    const std::pair<QString, const char*> kinds[] = {
        {tr("Perturbations"), "/vocabulary/perturbations/labels"},
        {tr("Cell types"), "/vocabulary/cell_types/labels"},
        {tr("Batches"), "/vocabulary/batches/labels"},
        {tr("Genes"), "/genes/names"}};
    for (const auto& [title, pointer] : kinds) {
        const QStringList names = namesAt(report, pointer);
        if (!names.isEmpty()) {
            kind_->addItem(QString("%1 (%2)").arg(title, formatCount(names.size())), names);
        }
    }
    filter_->clear();
    showKind();
}

void VocabularyList::showKind() {
    names_->setStringList(kind_->currentData().toStringList());
    count();
}

void VocabularyList::count() {
    const int all = names_->rowCount(), some = shown_->rowCount();
    count_->setVisible(all == 0 || some != all);
    count_->setText(all == 0      ? tr("The model lists no names.")
                    : some == all ? QString()
                                  : tr("%1 of %2").arg(formatCount(some), formatCount(all)));
}

} // namespace ember

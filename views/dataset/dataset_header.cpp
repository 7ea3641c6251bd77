#include "views/dataset/dataset_header.hpp"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "widgets/elided_label.hpp"
#include "widgets/formatting.hpp"
#include "widgets/theme.hpp"

namespace ember {

DatasetHeader::DatasetHeader(QWidget* parent) : QWidget(parent) {
    name_ = new ElidedLabel(this);
    name_->setObjectName(QStringLiteral("datasetName"));
    name_->setFont(headingFont(font(), 1.35));
    facts_ = new QLabel(this);
    facts_->setObjectName(QStringLiteral("datasetFacts"));
    facts_->setWordWrap(true);
    origin_ = new QLabel(this);
    origin_->setObjectName(QStringLiteral("datasetOrigin"));
    origin_->setWordWrap(true);
    origin_->setTextFormat(Qt::PlainText);
    origin_->hide();
    path_ = new ElidedLabel(this);
    path_->setObjectName(QStringLiteral("datasetPath"));
    path_->setElideMode(Qt::ElideMiddle);
    setRole(path_, "muted");
    predict_ = new QPushButton(icon(QStringLiteral("media-playback-start"), IconColor::accentText),
                               tr("Predict…"), this);
    predict_->setObjectName(QStringLiteral("datasetPredict"));
    predict_->setAccessibleName(tr("Predict with this data set"));
    setPrimary(predict_);
    auto* texts = new QVBoxLayout;
    texts->setSpacing(1);
    texts->addWidget(name_);
    texts->addWidget(facts_);
    texts->addWidget(origin_);
    texts->addWidget(path_);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(16, 12, 16, 8);
    row->addLayout(texts, 1);
    row->addWidget(predict_, 0, Qt::AlignTop);
    connect(predict_, &QPushButton::clicked, this, &DatasetHeader::predictClicked);
}

void DatasetHeader::setDocument(const DatasetDocument& document) {
    name_->setText(document.name);
    path_->setText(document.path);
    shape_ = tr("%1 × %2").arg(
        formatCount(static_cast<std::int64_t>(document.data->n_obs()), tr("cell"), tr("cells")),
        formatCount(static_cast<std::int64_t>(document.data->n_vars()), tr("gene"), tr("genes")));
    generation_ = QString::fromStdString(document.data->generation());
    size_.clear();
    setOrigin({});
    showFacts();
}

void DatasetHeader::setFileBytes(std::uint64_t bytes) {
    size_ = bytes == 0 ? QString() : formatBytes(bytes);
    showFacts();
}

void DatasetHeader::setOrigin(const QString& origin) {
    constexpr qsizetype longest = 200;
    const QString text = origin.size() <= longest ? origin : origin.left(longest) + QChar(0x2026);
    origin_->setText(text.isEmpty() ? text : text.left(1).toUpper() + text.mid(1));
    origin_->setToolTip(origin.size() <= longest ? QString() : origin);
    origin_->setVisible(!text.isEmpty());
}

void DatasetHeader::showFacts() {
    QStringList facts = {shape_, generation_};
    if (!size_.isEmpty())
        facts << size_;
    facts_->setText(facts.join(QStringLiteral("  ·  ")));
}

} // namespace ember

#pragma once
// Name, shape and origin of a data set, and what can be done with it.

#include <QWidget>

#include "views/document.hpp"

class QLabel;
class QPushButton;

namespace ember {

class ElidedLabel;

class DatasetHeader : public QWidget {
    Q_OBJECT
public:
    explicit DatasetHeader(QWidget* parent = nullptr);
    void setDocument(const DatasetDocument& document);
    void setFileBytes(std::uint64_t bytes);
    /// What the file says about where its cells come from; empty: nothing.
    void setOrigin(const QString& origin);

signals:
    void predictClicked();

private:
    void showFacts();
    ElidedLabel *name_, *path_;
    QLabel *facts_, *origin_;
    QPushButton* predict_;
    QString shape_, generation_, size_;
};

} // namespace ember

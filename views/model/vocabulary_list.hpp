#pragma once
// The labels and genes that a model knows, to look through.

#include <QWidget>

#include <nlohmann/json.hpp>

class QComboBox;
class QLabel;
class QLineEdit;
class QListView;
class QSortFilterProxyModel;
class QStringListModel;

namespace ember {

class VocabularyList : public QWidget {
    Q_OBJECT
public:
    explicit VocabularyList(QWidget* parent = nullptr);
    void show(const nlohmann::json& report); ///< inspect_model()'s

private:
    void showKind();
    void count();
    QComboBox* kind_ = nullptr;
    QLineEdit* filter_ = nullptr;
    QListView* list_ = nullptr;
    QLabel* count_ = nullptr;
    QStringListModel* names_ = nullptr;
    QSortFilterProxyModel* shown_ = nullptr;
};

} // namespace ember

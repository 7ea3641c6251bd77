#pragma once
// A field over the window: what is typed finds actions, genes, columns; Enter runs the one that is marked.

#include <vector>

#include <QFrame>

#include "widgets/search_rank.hpp"

class QLabel;
class QLineEdit;
class QListView;
class QStandardItemModel;

namespace ember {

class SearchPalette : public QFrame {
    Q_OBJECT
public:
    explicit SearchPalette(QWidget* window);

    /// Replaces what can be found; what is typed stays.
    void setEntries(std::vector<SearchEntry> entries);
    const std::vector<SearchEntry>& entries() const { return entries_; }
    /// One line below the list, such as "Reading the genes of wound_demo…"; empty: none.
    void setNote(const QString& note);

    void open(); ///< empty, below the top of the window

signals:
    void chosen(int entry); ///< after the palette has closed

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void find();
    void choose(int row);
    void place();

    std::vector<SearchEntry> entries_;
    std::vector<int> shown_; ///< [rows] entries
    QLineEdit* field_ = nullptr;
    QListView* list_ = nullptr;
    QStandardItemModel* model_ = nullptr;
    QLabel* note_ = nullptr;
};

} // namespace ember

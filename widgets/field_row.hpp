#pragma once
// One field of a form: label, the field, a quiet reason or hint below it, an error in its place when wrong.

#include <vector>

#include <QString>
#include <QWidget>

class QLabel;

namespace ember {

class FieldRow : public QWidget {
    Q_OBJECT
public:
    /// Takes ownership of `field`. Sets the field's accessible name to the label when it has none.
    FieldRow(const QString& label, QWidget* field, QWidget* parent = nullptr);

    QWidget* field() const { return field_; }
    QLabel* label() const { return label_; }

    /// Quiet line below the field: why this value, or what is asked for. Empty: none.
    void setReason(const QString& reason);
    QString reason() const { return reason_; }

    /// Shown in the reason's place, the field outlined; also the field's accessible description.
    void setError(const QString& error, const QString& remedy = {});
    void clearError() { setError({}); }
    bool hasError() const { return !error_.isEmpty(); }
    QString error() const { return error_; }

private:
    void showNote();
    QString reason_, error_, remedy_;
    QWidget* field_ = nullptr;
    QLabel *label_ = nullptr, *note_ = nullptr;
};

/// A column of field rows whose labels share one width.
class FieldForm : public QWidget {
    Q_OBJECT
public:
    explicit FieldForm(QWidget* parent = nullptr);
    FieldRow* addRow(const QString& label, QWidget* field);
    void addHeading(const QString& text);
    const std::vector<FieldRow*>& rows() const { return rows_; }
    bool hasErrors() const;

private:
    void alignLabels();
    std::vector<FieldRow*> rows_;
};

} // namespace ember

#pragma once
// What is known about a document, as short lines. Nothing is read from files.

#include <QList>
#include <QString>

#include "views/document.hpp"

namespace ember {

/// `value` empty: `label` is a heading.
struct Fact {
    QString label, value;
};

QList<Fact> factsOf(const DatasetDocument& dataset);
QList<Fact> factsOf(const ModelDocument& model);
QList<Fact> factsOf(const PredictionDocument& prediction);

} // namespace ember

#pragma once
// What a store keeps of a document ends with it.

#include <map>

#include <QObject>

#include "views/document.hpp"
#include "views/job.hpp"

namespace ember {

/// Erases the entries of a document. Their jobs end unheard by `store`. An entry has `document`, an id, and
/// `job`, which may be null.
template<typename Key, typename Entry>
void forgetEntries(std::map<Key, Entry>& entries, DocumentRef document, const QObject* store) {
    std::erase_if(entries, [&](const auto& item) {
        const Entry& entry = item.second;
        if (entry.document != document.id) {
            return false;
        }
        if (entry.job != nullptr) {
            entry.job->disconnect(store);
            entry.job->cancel();
        }
        return true;
    });
}

} // namespace ember

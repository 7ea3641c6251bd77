#include "views/view.hpp"

#include <algorithm>

#include <QCoreApplication>

namespace ember {

namespace {

// A function's static, because registrations run before main in no stated order.
std::vector<ViewInfo>& registered() {
    static std::vector<ViewInfo> views;
    return views;
}

} // namespace

QString ViewInfo::translatedTitle() const {
    return QCoreApplication::translate("ember::View", title);
}

bool ViewInfo::acceptsKind(DocumentKind kind) const {
    return std::find(accepts.begin(), accepts.end(), kind) != accepts.end();
}

void ViewRegistry::add(ViewInfo info) {
    auto& all = registered();
    const auto place = std::upper_bound(all.begin(), all.end(), info.order,
                                        [](int order, const ViewInfo& view) { return order < view.order; });
    all.insert(place, std::move(info));
}

const std::vector<ViewInfo>& ViewRegistry::views() {
    return registered();
}

const ViewInfo* ViewRegistry::find(const QString& name) {
    const auto& all = registered();
    const auto found =
        std::find_if(all.begin(), all.end(), [&name](const ViewInfo& view) { return view.name == name; });
    return found == all.end() ? nullptr : &*found;
}

} // namespace ember

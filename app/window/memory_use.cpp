#include "app/window/memory_use.hpp"

#include <unistd.h>

#include <QCoreApplication>
#include <QFile>
#include <QLocale>

namespace ember {

MemoryUse memoryUse() {
    const auto page = static_cast<quint64>(sysconf(_SC_PAGESIZE));
    MemoryUse use;
    use.total_bytes = page * static_cast<quint64>(sysconf(_SC_PHYS_PAGES));
    QFile file("/proc/self/statm");
    if (file.open(QIODevice::ReadOnly)) {
        use.resident_bytes = page * file.readAll().split(' ').value(1).toULongLong();
    }
    return use;
}

QString memoryText(const MemoryUse& use) {
    const auto inGigabytes = [](quint64 bytes) { return static_cast<double>(bytes) / 1e9; };
    const auto total = QLocale().toString(inGigabytes(use.total_bytes), 'f', 0);
    const double used = inGigabytes(use.resident_bytes);
    return used < 1 ? QCoreApplication::translate("ember::MemoryUse", "%1 MB of %2 GB")
                          .arg(QLocale().toString(used * 1000, 'f', 0), total)
                    : QCoreApplication::translate("ember::MemoryUse", "%1 of %2 GB")
                          .arg(QLocale().toString(used, 'f', used < 10 ? 1 : 0), total);
}

} // namespace ember

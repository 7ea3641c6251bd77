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
    const auto gigabytes = [](quint64 bytes) {
        const double value = static_cast<double>(bytes) / 1e9;
        return QLocale().toString(value, 'f', value < 10 ? 1 : 0);
    };
    return QCoreApplication::translate("ember::MemoryUse", "%1 of %2 GB")
        .arg(gigabytes(use.resident_bytes), gigabytes(use.total_bytes));
}

} // namespace ember

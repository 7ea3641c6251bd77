#pragma once
// How much memory the program takes, for the status bar.

#include <QString>

namespace ember {

struct MemoryUse {
    quint64 resident_bytes = 0; ///< of this process
    quint64 total_bytes = 0;    ///< of the machine
};

MemoryUse memoryUse();

/// "1.9 of 24 GB", "86 MB of 24 GB".
QString memoryText(const MemoryUse& use);

} // namespace ember

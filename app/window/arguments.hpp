#pragma once
// The command line of `emberview`.

#include <QString>
#include <QStringList>

namespace ember {

struct Arguments {
    QStringList files; ///< data files, run directories, checkpoints, sessions
    bool demo = false;
    bool help = false;
    bool version = false;
    QString screenshot; ///< PNG to write once all jobs have ended; then the program quits
    QString theme;      ///< "system", "light", "dark"; empty: as set before
    QString error;      ///< what is wrong with the command line; empty when nothing is
};

/// `arguments` without the program's name. Never throws; see Arguments::error.
Arguments parseArguments(const QStringList& arguments);

QString helpText();

} // namespace ember

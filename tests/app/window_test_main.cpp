// Runs the tests inside a QApplication whose settings and data folders are temporary.

#include <QTemporaryDir>

#include <gtest/gtest.h>

#include "watched_application.hpp"
#include "widgets/theme.hpp"

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    const QTemporaryDir home;
    for (const char* folder : {"XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_DOCUMENTS_DIR"}) {
        qputenv(folder, home.filePath(folder).toUtf8());
    }
    ember::test::WatchedApplication application(argc, argv);
    QApplication::setApplicationName("emberview");
    QApplication::setOrganizationName("emberview");
    ember::applyTheme(application, ember::ThemeMode::light);
    return RUN_ALL_TESTS();
}

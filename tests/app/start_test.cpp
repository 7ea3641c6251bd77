// The program itself: it starts, answers, and has not loaded LibTorch by then.

#include <QFile>
#include <QProcess>

#include <gtest/gtest.h>

namespace ember {
namespace {

QString program() {
    return qEnvironmentVariable("EMBER_BIN") + "/emberview";
}

TEST(Start, LibTorchIsNotLoadedWhenTheWindowIsThere) {
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert("EMBER_REPORT_START", "1");
    process.setProcessEnvironment(environment);
    process.start(program(), {});
    ASSERT_TRUE(process.waitForReadyRead(30'000)) << process.readAllStandardError().toStdString();
    EXPECT_TRUE(process.readLine().startsWith("start_ms "));
    QFile maps(QString("/proc/%1/maps").arg(process.processId()));
    ASSERT_TRUE(maps.open(QIODevice::ReadOnly));
    const QByteArray mapped = maps.readAll();
    EXPECT_TRUE(mapped.contains("libember.so"));
    EXPECT_FALSE(mapped.contains("libtorch"));
    EXPECT_FALSE(mapped.contains("libember_engine"));
    process.kill();
    process.waitForFinished();
}

TEST(Start, HelpVersionAndFaultsNeedNoDisplay) {
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert("QT_QPA_PLATFORM", "xcb");
    environment.remove("DISPLAY");
    process.setProcessEnvironment(environment);
    const std::tuple<QString, int, QByteArray> cases[] = {
        {"--help", 0, "--demo"}, {"--version", 0, "emberview "}, {"--nonsense", 2, "--nonsense"}};
    for (const auto& [option, status, text] : cases) {
        process.start(program(), {option});
        ASSERT_TRUE(process.waitForFinished(30'000));
        EXPECT_EQ(process.exitCode(), status) << option.toStdString();
        EXPECT_TRUE((process.readAllStandardOutput() + process.readAllStandardError()).contains(text))
            << option.toStdString();
    }
}

} // namespace
} // namespace ember

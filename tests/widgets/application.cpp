// One QApplication for all tests of a program, in the light theme.

#include <memory>

#include <QApplication>

#include <gtest/gtest.h>

#include "widgets/theme.hpp"

namespace {

class Application : public testing::Environment {
public:
    void SetUp() override {
        qputenv("QT_QPA_PLATFORM", "offscreen");
        application_ = std::make_unique<QApplication>(count_, arguments_);
        ember::applyTheme(*application_, ember::ThemeMode::light);
    }
    void TearDown() override { application_.reset(); }

private:
    int count_ = 1;
    char name_[5] = "test";
    char* arguments_[2] = {name_, nullptr};
    std::unique_ptr<QApplication> application_;
};

const auto* const registered = testing::AddGlobalTestEnvironment(new Application); // gtest owns it

} // namespace

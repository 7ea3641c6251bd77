#include "core/base/error.hpp"

#include <gtest/gtest.h>

namespace {

TEST(Error, SaysWhatWhereAndWhatToDoInOneLine) {
    const ember::Error error("BadSparse", "indptr goes\ndown", {"a.h5ad", "X/indptr", 7},
                             "Write the file again");
    EXPECT_STREQ(error.what(), "indptr goes down (a.h5ad: X/indptr, row 7). Write the file again");
    EXPECT_EQ(error.place_text(), "a.h5ad: X/indptr, row 7");
    EXPECT_EQ(error.exit_status(), ember::ExitStatus::bad_input);
}

TEST(Error, LeavesOutWhatIsUnknown) {
    EXPECT_STREQ(ember::Error("Corrupt", "The file is damaged").what(), "The file is damaged");
    EXPECT_STREQ(ember::Error("Corrupt", "No rows", {{}, "X", {}}).what(), "No rows (X)");
}

TEST(Error, EachKindHasItsExitStatus) {
    EXPECT_EQ(ember::UsageError("x").exit_status(), ember::ExitStatus::usage);
    EXPECT_EQ(ember::ResourceError("NoMemory", "x").exit_status(), ember::ExitStatus::no_resources);
    EXPECT_EQ(ember::Cancelled().exit_status(), ember::ExitStatus::cancelled);
    EXPECT_THROW(throw ember::Cancelled(), ember::Error);
}

} // namespace

#include "core/genes/differential_expression.hpp"

namespace ember {

const char* to_string(GeneTest test) noexcept {
    return test == GeneTest::wilcoxon ? "wilcoxon" : "t-test";
}

const char* to_string(TestUnit unit) noexcept {
    switch (unit) {
    case TestUnit::automatic:
        return "automatic";
    case TestUnit::replicates:
        return "replicates";
    case TestUnit::cells:
        return "cells";
    }
    return "";
}

} // namespace ember

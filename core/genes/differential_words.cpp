#include "core/genes/differential_expression.hpp"

namespace ember {

const char* to_string(GeneTest test) noexcept {
    switch (test) {
    case GeneTest::automatic:
        return "automatic";
    case GeneTest::wilcoxon:
        return "wilcoxon";
    case GeneTest::welch:
        return "t-test";
    }
    return "";
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

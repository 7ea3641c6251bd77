#include "core/analysis/schema_guess.hpp"

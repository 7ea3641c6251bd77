#include "core/data/column.hpp"

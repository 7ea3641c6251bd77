#include "core/data/matrix.hpp"

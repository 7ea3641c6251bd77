#include "core/base/engine.hpp"

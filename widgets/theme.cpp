#include "widgets/theme.hpp"

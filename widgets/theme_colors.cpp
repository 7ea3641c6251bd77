#include "widgets/theme_colors.hpp"

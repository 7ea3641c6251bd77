#include "widgets/category_palette.hpp"

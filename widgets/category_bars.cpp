#include "widgets/category_bars.hpp"

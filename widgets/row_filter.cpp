#include "widgets/row_filter.hpp"

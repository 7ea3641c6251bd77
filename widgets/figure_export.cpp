#include "widgets/figure_export.hpp"

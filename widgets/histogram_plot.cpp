#include "widgets/histogram_plot.hpp"

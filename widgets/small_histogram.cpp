#include "widgets/small_histogram.hpp"

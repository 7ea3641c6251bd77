#include "widgets/histogram_data.hpp"

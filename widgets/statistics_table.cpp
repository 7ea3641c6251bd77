#include "widgets/statistics_table.hpp"

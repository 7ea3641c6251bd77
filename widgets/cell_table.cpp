#include "widgets/cell_table.hpp"

#include "widgets/cell_table_model.hpp"

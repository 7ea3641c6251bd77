#include "widgets/field_row.hpp"

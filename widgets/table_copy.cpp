#include "widgets/table_copy.hpp"

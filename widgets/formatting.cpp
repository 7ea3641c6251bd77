#include "widgets/formatting.hpp"

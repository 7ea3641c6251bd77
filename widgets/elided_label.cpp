#include "widgets/elided_label.hpp"

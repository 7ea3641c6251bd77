#include "widgets/flow_layout.hpp"

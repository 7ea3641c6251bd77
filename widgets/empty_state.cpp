#include "widgets/empty_state.hpp"

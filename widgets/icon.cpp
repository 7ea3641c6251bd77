#include "widgets/icon.hpp"

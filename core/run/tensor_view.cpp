#include "core/run/tensor_view.hpp"

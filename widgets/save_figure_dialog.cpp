#include "widgets/save_figure_dialog.hpp"

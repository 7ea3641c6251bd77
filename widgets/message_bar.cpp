#include "widgets/message_bar.hpp"

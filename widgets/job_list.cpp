#include "widgets/job_list.hpp"

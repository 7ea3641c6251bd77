#include "widgets/job_row.hpp"

#pragma once

// The forecast of a sweep as text for people.

#include <string>

#include "harness/controller/forecast.h"

namespace timetrial {

// `device`: as the trials name it, which decides between hours of a GPU and of the machine. `finished`:
// trials of the plan that need not be run any more.
std::string forecast_table(const Forecast& forecast, const std::string& device, int64_t jobs,
                           int64_t finished);

}  // namespace timetrial

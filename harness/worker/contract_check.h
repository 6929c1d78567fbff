#pragma once

#include <filesystem>
#include <iosfwd>

namespace timetrial {

// `timetrial check`: loads the submission of a trial, verifies its contract on the trial's workload and says
// in plain words what holds and what does not. True when everything holds.
bool check_contract(const std::filesystem::path& trial_directory, std::ostream& report);

}  // namespace timetrial

#pragma once

// What of a data set a submission has no business with.

#include <filesystem>
#include <string>
#include <vector>

namespace timetrial {

// Files and folders at the top of a workload's data set that hold validation or test examples, and that
// training does not open once its data are. Empty when the data set is not there. Every workload says for
// itself which names they have: bool holds_back_<name>(const std::string&).
std::vector<std::filesystem::path> held_back_of_data_set(const std::string& workload, const std::string& tier,
                                                         const std::filesystem::path& data_directory);

}  // namespace timetrial

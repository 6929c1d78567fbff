#pragma once

#include <filesystem>
#include <string>

namespace timetrial {

// Makes <data>/<workload>/mini unless it is there; adds what an older version did not make. Prints a plan
// (downloads, disk) and progress. Throws UserError, also when the disk has too little room.
void prepare_mini_data_set(const std::string& workload, const std::filesystem::path& data);

void check_full_data_set(const std::string& workload, const std::filesystem::path& data);

// Packs the prepared data set of `tier` ("full" or "mini"); see DataPreparation::pack.
void pack_data_set(const std::string& workload, const std::string& tier, const std::filesystem::path& data);

}  // namespace timetrial

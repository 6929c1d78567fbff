#pragma once

// <results>/sweeps/<id>/slurm.json: how the jobs of a sweep are submitted, and which were. A submission is
// noted before it is made, under a name that only it has: so its jobs are found again whatever dies in
// between.

#include <filesystem>
#include <string>
#include <vector>

#include "harness/cluster/site_settings.h"

namespace timetrial {

struct SubmittedArray {
  std::string job_name;
  int64_t offset = 0;  // task t of the array runs trial offset + t
  std::string job;     // id of the array; "": not known to have been submitted

  bool operator==(const SubmittedArray&) const = default;
};

struct Submissions {
  SlurmSettings settings;  // of the newest
  std::vector<SubmittedArray> made;
};

// Of no submissions where there is no file. Throws UserError.
Submissions read_submissions(const std::filesystem::path& sweep_folder);
void write_submissions(const std::filesystem::path& sweep_folder, const Submissions& submissions);

}  // namespace timetrial

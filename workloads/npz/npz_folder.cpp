#include "workloads/npz/npz_folder.h"

#include <algorithm>

#include "harness/errors/user_error.h"

namespace timetrial {

std::vector<std::filesystem::path> npz_files(const std::filesystem::path& folder, const std::string& cure) {
  std::vector<std::filesystem::path> files;
  std::error_code absent;
  for (const auto& entry : std::filesystem::directory_iterator(folder, absent))
    if (entry.path().extension() == ".npz") files.push_back(entry.path());
  if (files.empty()) throw UserError({"there are no .npz files", folder.string(), "", cure});
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace timetrial

#include "workloads/tpugraphs_tile/kernel_file.h"

#include "harness/errors/user_error.h"
#include "workloads/computation_graph/tile_configuration.h"

namespace timetrial {
namespace {

constexpr const char* kResolution = "config_runtime_resolution";

std::vector<double> times_of(const NpzFile& file, int64_t configurations, const std::string& where) {
  const std::vector<int64_t> runtimes = read_integers(file, "config_runtime", where);
  const std::vector<int64_t> normalizers = read_integers(file, "config_runtime_normalizers", where);
  if (std::ssize(runtimes) != configurations || std::ssize(normalizers) != configurations) {
    throw UserError({"config_feat, config_runtime and config_runtime_normalizers should be of one length",
                     where,
                     std::to_string(configurations) + ", " + std::to_string(runtimes.size()) + " and " +
                         std::to_string(normalizers.size()),
                     "bring the official file again (README of tpugraphs_tile)"});
  }
  std::vector<double> times;
  for (size_t i = 0; i < runtimes.size(); ++i) {
    if (runtimes[i] <= 0 || normalizers[i] <= 0) {
      throw UserError({"a run time is not positive", where + ", configuration " + std::to_string(i),
                       std::to_string(runtimes[i]) + " / " + std::to_string(normalizers[i]),
                       "leave files without run times (the official test split) out of train and valid"});
    }
    times.push_back(static_cast<double>(runtimes[i]) / static_cast<double>(normalizers[i]));
  }
  return times;
}

}  // namespace

MeasuredKernel read_kernel_file(const std::filesystem::path& path) {
  const NpzFile file(path);
  const std::string where = path.string();
  MeasuredKernel kernel;
  kernel.name = path.stem();
  kernel.graph = read_program_graph(file, where);
  require_shape(file, "config_feat", 2, kTileFeatures, where);
  kernel.configurations = file.read<float>("config_feat");
  kernel.times = times_of(file, file.header("config_feat").shape.front(), where);
  if (file.contains(kResolution)) kernel.resolution = file.read<double>(kResolution).at(0);
  return kernel;
}

std::vector<MeasuredKernel> read_kernel_folder(const std::filesystem::path& folder) {
  std::vector<MeasuredKernel> kernels;
  for (const std::filesystem::path& file : program_files(folder)) kernels.push_back(read_kernel_file(file));
  return kernels;
}

}  // namespace timetrial

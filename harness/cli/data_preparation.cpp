#include "harness/cli/data_preparation.h"

#include <chrono>
#include <cstdio>

#include <fmt/format.h>
#include <unistd.h>

#include "harness/errors/user_error.h"
#include "workloads/preparation.h"

namespace timetrial {

namespace {

constexpr double kMebibyte = 1024.0 * 1024.0;

// One line per stage; on a terminal it is redrawn with rate and ETA.
class StageDisplay {
 public:
  explicit StageDisplay(std::string workload) : workload_(std::move(workload)) {}
  ~StageDisplay() { finish(); }

  void show(const std::string& stage, int64_t done, int64_t total) {
    const auto now = std::chrono::steady_clock::now();
    if (stage != stage_) {
      finish();
      stage_ = stage;
      start_ = shown_ = now;
      if (!terminal_) fmt::print("{}: {}\n", workload_, stage);
      std::fflush(stdout);
    }
    if (!terminal_ || (now - shown_ < std::chrono::milliseconds(100) && done != total)) return;
    shown_ = now;
    const double seconds = std::chrono::duration<double>(now - start_).count();
    const double rate = seconds > 0 ? static_cast<double>(done) / seconds : 0.0;
    std::string line = fmt::format("\r\x1b[K{}: {} {}", workload_, stage, done);
    if (total > 0) line += fmt::format(" of {}", total);
    if (seconds > 1) line += fmt::format(", {:.0f}/s", rate);
    if (total > 0 && rate > 0 && seconds > 1)
      line += fmt::format(", {:.0f} s left", static_cast<double>(total - done) / rate);
    std::fputs(line.c_str(), stdout);
    std::fflush(stdout);
  }

 private:
  void finish() {
    if (terminal_ && !stage_.empty()) std::fputs("\n", stdout);
  }

  std::string workload_;
  std::string stage_;
  bool terminal_ = ::isatty(STDOUT_FILENO) == 1;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point shown_;
};

void print_manifest(const std::string& workload, const std::filesystem::path& data_set) {
  const DataSetManifest manifest = read_manifest(data_set, workload);
  std::string counts;
  for (const auto& [split, examples] : manifest.examples) {
    counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", examples, split);
  }
  fmt::print("{}: ready in {} ({}; id {})\n", workload, data_set.string(), counts, manifest.id);
}

void require_room(const std::filesystem::path& folder, int64_t bytes) {
  const std::filesystem::space_info space = std::filesystem::space(folder);
  if (space.available >= static_cast<uint64_t>(bytes)) return;
  throw UserError(
      {"too little room for the data set", folder.string(),
       fmt::format("{:.0f} MiB free, {:.0f} MiB needed", static_cast<double>(space.available) / kMebibyte,
                   static_cast<double>(bytes) / kMebibyte),
       "free space, or choose another folder with --data"});
}

}  // namespace

void prepare_mini_data_set(const std::string& workload, const std::filesystem::path& data) {
  const std::unique_ptr<DataPreparation> preparation = make_preparation(workload);
  const std::filesystem::path data_set = std::filesystem::absolute(data) / preparation->data_set() / "mini";
  if (!std::filesystem::exists(data_set / "manifest.json")) {
    std::error_code error;
    std::filesystem::create_directories(data_set, error);
    if (error) {
      throw UserError({"the data folder cannot be made", data_set.string(), error.message(),
                       "choose another with --data"});
    }
    const PreparationPlan plan = preparation->mini_plan();
    std::string packages;
    for (const std::string& package : plan.packages) packages += (packages.empty() ? "" : ", ") + package;
    fmt::print("{}: making the mini data set from {} ({:.0f} MiB to fetch, {:.0f} MiB on disk)\n", workload,
               packages, static_cast<double>(plan.download_bytes) / kMebibyte,
               static_cast<double>(plan.disk_bytes) / kMebibyte);
    require_room(data_set, plan.download_bytes + plan.disk_bytes);
    StageDisplay display(workload);
    preparation->make_mini(
        data_set, std::filesystem::absolute(data) / "downloads",
        [&](const std::string& stage, int64_t done, int64_t total) { display.show(stage, done, total); });
  } else {
    preparation->complete_mini(data_set);
  }
  print_manifest(workload, data_set);
}

void check_full_data_set(const std::string& workload, const std::filesystem::path& data) {
  const std::unique_ptr<DataPreparation> preparation = make_preparation(workload);
  const std::filesystem::path data_set = std::filesystem::absolute(data) / preparation->data_set() / "full";
  {
    StageDisplay display(workload);
    preparation->check_full(data_set, [&](const std::string& stage, int64_t done, int64_t total) {
      display.show(stage, done, total);
    });
  }
  print_manifest(workload, data_set);
}

void pack_data_set(const std::string& workload, const std::string& tier, const std::filesystem::path& data) {
  const std::unique_ptr<DataPreparation> preparation = make_preparation(workload);
  StageDisplay display(workload);
  preparation->pack(
      std::filesystem::absolute(data) / preparation->data_set() / tier,
      [&](const std::string& stage, int64_t done, int64_t total) { display.show(stage, done, total); });
}

}  // namespace timetrial

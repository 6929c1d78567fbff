#include "harness/cluster/site_settings.h"

#include <cstdlib>

#include <gmock/gmock.h>

#include "../temporary_folder.h"
#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

using ::testing::HasSubstr;

std::string refusal(const std::string& text) {
  try {
    site_settings_from_text(text, "site.toml");
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

TEST(SiteFile, SetsEverything) {
  const SlurmSettings settings = site_settings_from_text(
      R"(# our cluster
[slurm]
partition = "a100,h100"
gres = "gpu:a100:1"   # one
time = "2-12:30:00"
cpus = 8
memory = "64G"
max_concurrent = 40
grace = 180
sbatch_args = ["--account=vision", "--exclude=node[13-14]"]
setup = ["module load cuda", "ulimit -c 0"]
)",
      "site.toml");
  SlurmSettings expected;
  expected.partition = "a100,h100";
  expected.gres = "gpu:a100:1";
  expected.time = "2-12:30:00";
  expected.cpus = 8;
  expected.memory = "64G";
  expected.max_concurrent = 40;
  expected.grace_seconds = 180;
  expected.sbatch_arguments = {"--account=vision", "--exclude=node[13-14]"};
  expected.setup = {"module load cuda", "ulimit -c 0"};
  EXPECT_EQ(settings, expected);
}

TEST(SiteFile, OfNothingSetsNothing) {
  EXPECT_EQ(site_settings_from_text("", "site.toml"), SlurmSettings{});
  EXPECT_EQ(site_settings_from_text("[slurm]\n", "site.toml"), SlurmSettings{});
}

TEST(SiteFile, WithAnUnknownKeyIsRefusedByItsName) {
  EXPECT_THAT(refusal("[slurm]\npartitoin = \"a\"\n"), HasSubstr("slurm.partitoin"));
  EXPECT_THAT(refusal("[slurm]\npartitoin = \"a\"\n"), HasSubstr("partition"));
  EXPECT_THAT(refusal("partition = \"a\"\n"), HasSubstr("partition"));
  EXPECT_THAT(refusal("[slrum]\npartition = \"a\"\n"), HasSubstr("slrum.partition"));
}

TEST(SiteFile, WithAValueOfTheWrongKindIsRefused) {
  EXPECT_THAT(refusal("[slurm]\ncpus = \"many\"\n"), HasSubstr("whole number is expected for cpus"));
  EXPECT_THAT(refusal("[slurm]\ncpus = 1.5\n"), HasSubstr("whole number"));
  EXPECT_THAT(refusal("[slurm]\npartition = [\"a\", \"b\"]\n"),
              HasSubstr("one value is expected for partition"));
  EXPECT_THAT(refusal("[slurm]\npartition = \"a#b\"\n"), HasSubstr("cannot hold a #"));
}

TEST(SiteFile, WithAKeyThatStandsTwiceIsRefused) {
  EXPECT_THAT(refusal("[slurm]\ncpus = 1\ntime = \"5\"\ncpus = 2\n"), HasSubstr("slurm.cpus"));
}

TEST(Settings, OfTheCommandLineComeFirstAndArgumentsAddUp) {
  SlurmSettings site;
  site.partition = "slow";
  site.gres = "gpu:1";
  site.sbatch_arguments = {"--account=a"};
  SlurmSettings given;
  given.partition = "fast";
  given.sbatch_arguments = {"--nice"};
  const SlurmSettings both = prefer(given, site);
  EXPECT_EQ(both.partition, "fast");
  EXPECT_EQ(both.gres, "gpu:1");
  EXPECT_THAT(both.sbatch_arguments, ::testing::ElementsAre("--account=a", "--nice"));
}

TEST(Settings, ThatLeaveATrialNoTimeAreRefused) {
  SlurmSettings settings;
  settings.time = "2";
  EXPECT_THROW(require_sensible(settings), UserError);  // two minutes of grace
  settings.grace_seconds = 60;
  EXPECT_NO_THROW(require_sensible(settings));
  settings.time = "soon";
  EXPECT_THROW(require_sensible(settings), UserError);
  settings = {};
  EXPECT_NO_THROW(require_sensible(settings));
  settings.cpus = 0;
  EXPECT_THROW(require_sensible(settings), UserError);
}

class SiteFilePlace : public FolderTest {
 protected:
  SiteFilePlace() {
    for (const char* name : {"TIMETRIAL_SITE", "XDG_CONFIG_HOME", "HOME"}) {
      const char* value = std::getenv(name);
      before_.emplace_back(name, value == nullptr ? "" : value);
      ::unsetenv(name);
    }
  }
  ~SiteFilePlace() override {
    for (const auto& [name, value] : before_) {
      if (!value.empty()) ::setenv(name.c_str(), value.c_str(), 1);
    }
  }
  std::string file(const std::string& name, const std::string& partition) const {
    std::filesystem::create_directories((folder_ / name).parent_path());
    return write(folder_ / name, "[slurm]\npartition = \"" + partition + "\"\n");
  }

 private:
  std::vector<std::pair<std::string, std::string>> before_;
};

TEST_F(SiteFilePlace, IsWhereOneSaysElseInTheEnvironmentElseAtHome) {
  EXPECT_EQ(read_site_settings(""), SlurmSettings{});
  ::setenv("HOME", folder_.c_str(), 1);
  EXPECT_EQ(read_site_settings(""), SlurmSettings{});
  file(".config/timetrial/site.toml", "of home");
  EXPECT_EQ(read_site_settings("").partition, "of home");
  ::setenv("TIMETRIAL_SITE", file("environment.toml", "of the environment").c_str(), 1);
  EXPECT_EQ(read_site_settings("").partition, "of the environment");
  EXPECT_EQ(read_site_settings(file("named.toml", "named")).partition, "named");
  ::unsetenv("HOME");
  ::unsetenv("TIMETRIAL_SITE");
}

TEST_F(SiteFilePlace, ThatIsNamedMustBeThere) {
  EXPECT_THROW(read_site_settings((folder_ / "absent.toml").string()), UserError);
}

}  // namespace
}  // namespace timetrial

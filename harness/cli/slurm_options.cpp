#include "harness/cli/slurm_options.h"

namespace timetrial {

void SlurmOptions::add(CLI::App& app) {
  auto* slurm =
      app.add_flag("--slurm", asked, "Submit the trials to SLURM, as job arrays of one task a trial")
          ->group(kSlurmGroup);
  const auto option = [&](const char* name, auto& value, const std::string& text) {
    return app.add_option(name, value, text)->group(kSlurmGroup);
  };
  option("--partition", given.partition, "Partition of the jobs");
  option("--gres", given.gres, "Devices of a trial, such as gpu:1");
  option("--time", given.time,
         "Time limit of one start of a trial, as for sbatch; it goes on in the next start");
  option("--cpus", given.cpus, "CPUs of a trial; its --threads unless these are given")
      ->check(CLI::PositiveNumber);
  option("--memory", given.memory, "Memory of a trial, such as 64G");
  option("--max-concurrent", given.max_concurrent, "Trials at a time")->check(CLI::PositiveNumber);
  option("--grace", given.grace_seconds,
         "Seconds before the end of its time in which a trial saves its state (default: " +
             std::to_string(kDefaultGraceSeconds) + ")")
      ->check(CLI::PositiveNumber);
  option("--sbatch-arg", given.sbatch_arguments,
         "One more argument of sbatch, such as --sbatch-arg=--account=mine; "
         "repeat for more")
      ->allow_extra_args(false);
  option("--site", site_file,
         "Settings of this site, TOML (default: $TIMETRIAL_SITE, then ~/.config/timetrial/site.toml)");
  slurm->excludes("--jobs");
}

SlurmSettings SlurmOptions::settings() const {
  return prefer(given, read_site_settings(site_file));
}

}  // namespace timetrial

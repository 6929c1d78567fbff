#pragma once

// How jobs are submitted at this site: what the command line says, and for what it does not say, the site
// file.
//
//   [slurm]
//   partition = "a100"
//   gres = "gpu:1"
//   time = "8:00:00"             # of one start of a trial; it goes on in the next one
//   cpus = 8
//   memory = "64G"
//   max_concurrent = 40          # trials at a time
//   grace = 180                  # seconds before the end of the time in which a trial saves its state
//   sbatch_args = ["--account=vision", "--exclude=node13"]
//   setup = ["module load cuda"] # lines of shell before the trial

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace timetrial {

struct SlurmSettings {
  std::optional<std::string> partition;
  std::optional<std::string> gres;
  std::optional<std::string> time;
  std::optional<int64_t> cpus;
  std::optional<std::string> memory;
  std::optional<int64_t> max_concurrent;
  std::optional<int64_t> grace_seconds;
  std::vector<std::string> sbatch_arguments;
  std::vector<std::string> setup;

  bool operator==(const SlurmSettings&) const = default;
};

// visit(name in files, value) of each setting that is one text or one number, a std::optional of it.
template <typename Settings, typename Visit>
void for_each_value(Settings& settings, Visit&& visit) {
  visit("partition", settings.partition);
  visit("gres", settings.gres);
  visit("time", settings.time);
  visit("cpus", settings.cpus);
  visit("memory", settings.memory);
  visit("max_concurrent", settings.max_concurrent);
  visit("grace", settings.grace_seconds);
}

inline constexpr int64_t kDefaultGraceSeconds = 120;

// What `given` does not say is taken from `otherwise`; further arguments of sbatch stand behind its.
SlurmSettings prefer(const SlurmSettings& given, const SlurmSettings& otherwise);

// Throws UserError when they cannot be meant: a grace as long as the time, a number below 1.
void require_sensible(const SlurmSettings& settings);

// Throws UserError naming the line's key: unknown, twice, of the wrong kind.
SlurmSettings site_settings_from_text(const std::string& text, const std::string& where);

// `file` "": $TIMETRIAL_SITE, else $XDG_CONFIG_HOME or ~/.config, timetrial/site.toml where it exists, else
// nothing. Throws UserError when a file that was named cannot be read.
SlurmSettings read_site_settings(const std::string& file);

}  // namespace timetrial

#pragma once

// Options of a sweep that SLURM runs.

#include <string>

#include <CLI/CLI.hpp>

#include "harness/cluster/site_settings.h"

namespace timetrial {

inline constexpr const char* kSlurmGroup = "SLURM";

struct SlurmOptions {
  bool asked = false;  // --slurm
  SlurmSettings given;
  std::string site_file;

  void add(CLI::App& app);

  bool any_given() const { return given != SlurmSettings{} || !site_file.empty(); }
  // What the command line says, and for the rest the site file.
  SlurmSettings settings() const;
};

}  // namespace timetrial

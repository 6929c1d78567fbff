#pragma once

// Whether a machine was the same before and after a trial: the reference kernels took as long. Pure.

#include <optional>
#include <string>
#include <vector>

#include "harness/journal/measurements.h"

namespace timetrial {

// Of the kernel that drifted most.
struct ReferenceDrift {
  std::string kernel;
  double share = 0;  // slowest measurement / fastest measurement - 1
};

// Over all measurements of a trial, those of earlier attempts included: what was trained between any two of
// them counts in one clock. Empty where no kernel was measured twice.
std::optional<ReferenceDrift> reference_drift(const std::vector<ReferenceTimesRecord>& measurements);

// Empty where it is not looked at (`allowed` 0) or not known.
std::optional<bool> has_drifted(const std::vector<ReferenceTimesRecord>& measurements, double allowed);

// "31 % (memory)"
std::string to_string(const ReferenceDrift& drift);

}  // namespace timetrial

#pragma once

// timetrial.json, which our export puts beside AlgoPerf's files: what they cannot say of a trial, so that an
// import finds the same trial again, with its own rules and outcome.

#include <optional>
#include <string>
#include <string_view>

#include "harness/journal/record.h"
#include "harness/journal/trial_spec.h"

namespace timetrial {

struct ExportedIdentity {
  TrialSpec spec;
  StartRecord start;                     // the first of the trial
  std::optional<OutcomeRecord> outcome;  // nothing: the trial has not ended
};

inline constexpr const char* kIdentityFile = "timetrial.json";

std::string identity_to_json(const ExportedIdentity& identity);

// Throws UserError: not valid, or names that are no plain names.
ExportedIdentity identity_from_json(std::string_view text, const std::string& where);

}  // namespace timetrial

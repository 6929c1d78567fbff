#pragma once

// What a rank tells the others before it leaves: why, as an outcome of the trial.

#include <optional>
#include <string>

#include "harness/journal/record.h"

namespace timetrial {

struct RankFailure {
  int64_t rank = 0;
  Outcome outcome = Outcome::failed;
  std::string message;

  std::string described() const { return "rank " + std::to_string(rank) + ": " + message; }
};

std::string to_text(const RankFailure& failure);
std::optional<RankFailure> rank_failure_from(const std::string& text);  // nothing when it is not understood

}  // namespace timetrial

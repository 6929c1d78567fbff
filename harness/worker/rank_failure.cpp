#include "harness/worker/rank_failure.h"

#include <sstream>

#include "harness/errors/user_error.h"

namespace timetrial {

// One line with rank and outcome, then the message.
std::string to_text(const RankFailure& failure) {
  return std::to_string(failure.rank) + " " + to_string(failure.outcome) + "\n" + failure.message;
}

std::optional<RankFailure> rank_failure_from(const std::string& text) {
  std::istringstream stream(text);
  RankFailure failure;
  std::string outcome;
  if (!(stream >> failure.rank >> outcome) || stream.get() != '\n') return std::nullopt;
  try {
    failure.outcome = outcome_from_string(outcome);
  } catch (const UserError&) {
    return std::nullopt;
  }
  failure.message.assign(std::istreambuf_iterator<char>(stream), {});
  return failure;
}

}  // namespace timetrial

#include "harness/journal/standing_evaluations.h"

namespace timetrial {

std::vector<EvaluationRecord> standing_evaluations(const std::vector<JournalRecord>& records) {
  std::vector<EvaluationRecord> standing;
  for (const JournalRecord& record : records) {
    if (const auto* start = std::get_if<StartRecord>(&record)) {
      std::erase_if(standing, [&](const EvaluationRecord& e) { return e.step > start->resumed_from_step; });
    } else if (const auto* evaluation = std::get_if<EvaluationRecord>(&record)) {
      standing.push_back(*evaluation);
    }
  }
  return standing;
}

}  // namespace timetrial

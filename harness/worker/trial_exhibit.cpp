#include "harness/worker/trial_exhibit.h"

#include <exception>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace timetrial {

namespace {

// Why it cannot be kept; empty: it can.
std::string refusal(const Exhibit& exhibit) {
  if (std::ssize(exhibit.content) > kMostExhibitBytes)
    return "its " + std::to_string(exhibit.content.size()) + " bytes are more than the " +
           std::to_string(kMostExhibitBytes) + " that are kept";
  if (!nlohmann::json::parse(exhibit.content, nullptr, /*allow_exceptions=*/false).is_object())
    return "it is no JSON object";
  return "";
}

}  // namespace

bool is_exhibited(Outcome outcome) {
  return !is_trouble(outcome) && outcome != Outcome::futile;
}

void append_exhibit(JournalSink& journal, Workload& workload, int64_t step) {
  std::optional<Exhibit> exhibit;
  std::string problem;
  try {
    exhibit = workload.exhibit();
    if (exhibit) problem = refusal(*exhibit);
  } catch (const std::exception& error) {
    problem = error.what();
  }
  if (!problem.empty()) {
    journal.append(WarningRecord{step, "there is no exhibit of the trained model: " + problem});
  } else if (exhibit) {
    journal.append(ExhibitRecord{step, exhibit->kind, exhibit->content});
  }
}

}  // namespace timetrial

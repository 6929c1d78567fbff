#include <algorithm>
#include <map>

#include "harness/journal/sync_verdict.h"
#include "results/report/first_steps.h"
#include "results/report/host_waits.h"
#include "results/report/machine_record.h"
#include "results/report/memory_used.h"
#include "results/report/report.h"
#include "results/report/report_curve.h"
#include "results/report/report_trials.h"
#include "results/report/report_verdict.h"
#include "results/report/shown_exhibits.h"
#include "results/report/step_split.h"
#include "results/report/time_spent.h"
#include "results/scoring/time_to_target.h"
#include "results/tables/json_number.h"
#include "results/tables/score_table.h"

namespace timetrial {

namespace {

using Json = nlohmann::ordered_json;

// Lets a missing row or cell of a table of intervals read as "not known".
template <typename Table>
Json interval_or_null(const Table& table, const std::string& name) {
  const auto found = table.find(name);
  return found == table.end() || !found->second ? Json(nullptr) : number_json(*found->second);
}

Json scores_json(const Score& score, const Uncertainty& uncertainty) {
  Json json = Json::object();
  for (const auto& [name, value] : score.profile.scores) {
    const auto& row = score.profile.qualified.at(name);
    const auto solved = std::count_if(
        row.begin(), row.end(), [](const auto& cell) { return cell.second && std::isfinite(*cell.second); });
    json[name] = {{"value", number_json(value)},
                  {"interval", interval_or_null(uncertainty.scores, name)},
                  {"rank", interval_or_null(uncertainty.ranks, name)},
                  {"solved", solved}};
  }
  return json;
}

Json times_json(const Score& score, const Uncertainty& uncertainty) {
  Json json = Json::object();
  for (const auto& [name, row] : score.time_to_target) {
    const auto intervals = uncertainty.time_to_target.find(name);
    for (const auto& [workload, time] : row) {
      Json cell = {{"measured", number_json(time)}};
      const auto& qualified = score.profile.qualified.at(name);
      const auto found = qualified.find(workload);  // absent for held-out workloads
      if (found != qualified.end()) cell["qualified"] = number_json(found->second);
      if (intervals != uncertainty.time_to_target.end()) {
        cell["interval"] = interval_or_null(intervals->second, workload);
      }
      json[name][workload] = std::move(cell);
    }
  }
  return json;
}

// The profile's exact steps, not its values at the grid of the score: each workload adds one where its ratio
// is.
Json steps_json(const std::map<std::string, std::optional<double>>& ratios, double tau_max) {
  std::vector<double> sorted;
  for (const auto& [workload, ratio] : ratios) {
    if (ratio && *ratio <= tau_max) sorted.push_back(std::max(*ratio, 1.0));
  }
  std::sort(sorted.begin(), sorted.end());
  const double height = 1.0 / static_cast<double>(ratios.size());
  Json tau = {1.0};
  Json rho = {0.0};
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    tau.push_back(sorted[i]);
    rho.push_back(height * static_cast<double>(i + 1));
  }
  tau.push_back(tau_max);
  rho.push_back(rho.back());
  return {{"tau", tau}, {"rho", rho}};
}

Json profile_json(const Score& score, const Uncertainty& uncertainty) {
  const double tau_max = score.profile.tau.back();
  Json json = {{"tau", score.profile.tau}, {"steps", Json::object()}, {"bands", Json::object()}};
  for (const auto& [name, ratios] : score.profile.ratios) json["steps"][name] = steps_json(ratios, tau_max);
  for (const auto& [name, band] : uncertainty.rho) {
    Json low = Json::array();
    Json high = Json::array();
    for (const Interval& interval : band) {
      low.push_back(number_json(rounded_for_drawing(interval.low)));
      high.push_back(number_json(rounded_for_drawing(interval.high)));
    }
    json["bands"][name] = {{"low", low}, {"high", high}};
  }
  return json;
}

Json noise_json(const Score& score, const Uncertainty& uncertainty) {
  Json json = Json::array();
  for (const auto& [a, b] : pairs_within_noise(score, uncertainty)) json.push_back({a, b});
  return json;
}

Json sensitivity_json(const SensitivityTable& table) {
  Json json = Json::object();
  for (const auto& [name, row] : table) {
    for (const auto& [workload, cell] : row) {
      Json studies = Json::array();
      for (const StudySpread& study : cell.studies) {
        studies.push_back({{"study", study.study},
                           {"trials", study.trials},
                           {"hits", study.hits},
                           {"best", number_json(study.best)},
                           {"median", number_json(study.median)},
                           {"worst", number_json(study.worst)}});
      }
      Json after = Json::array();
      for (const AfterTrials& trials : cell.after_trials) {
        after.push_back({{"k", trials.k},
                         {"chance", number_json(trials.chance)},
                         {"expected", number_json(trials.expected)},
                         {"median", number_json(trials.median)}});
      }
      json[name][workload] = {{"studies", studies}, {"after", after}};
    }
  }
  return json;
}

Json clock_json(const std::vector<TrialResult>& trials) {
  Json json = Json::array();
  for (const auto& [workload, row] : time_spent(trials)) {
    for (const auto& [name, spent] : row) {
      const ClockParts& seconds = spent.seconds;
      json.push_back({{"workload", workload},
                      {"submission", name},
                      {"trials", spent.trials},
                      {"without_clock", spent.without_clock},
                      {"parts",
                       {{"submission", seconds.submission},
                        {"data_wait", seconds.data_wait},
                        {"evaluation", seconds.evaluation},
                        {"startup", seconds.startup},
                        {"checkpoint", seconds.checkpoint},
                        {"logging", seconds.logging},
                        {"residual", seconds.residual}}}});
    }
  }
  return json;
}

Json step_json(const std::vector<TrialResult>& trials) {
  Json json = Json::array();
  for (const auto& [workload, row] : step_split(trials)) {
    for (const auto& [name, split] : row) {
      Json parts = Json::object();
      for (const auto& [part, seconds] : step_parts(split.seconds)) parts[part] = seconds;
      json.push_back({{"workload", workload},
                      {"submission", name},
                      {"trials", split.trials},
                      {"sampled_steps", split.seconds.sampled_steps},
                      {"parts", parts}});
    }
  }
  return json;
}

Json first_steps_json(const std::vector<TrialResult>& trials) {
  Json json = Json::array();
  for (const auto& [workload, row] : first_steps(trials)) {
    for (const auto& [name, steps] : row) {
      const std::optional<double> saved = saved_seconds(steps);
      if (!saved) continue;
      json.push_back({{"workload", workload},
                      {"submission", name},
                      {"cold", median_of(steps.cold)},
                      {"warm", median_of(steps.warm)},
                      {"trials", steps.cold.size() + steps.warm.size()},
                      {"saved", *saved}});
    }
  }
  return json;
}

Json memory_json(const std::vector<TrialResult>& trials) {
  Json json = Json::array();
  for (const auto& [workload, row] : memory_used(trials)) {
    for (const auto& [name, used] : row) {
      Json phases = Json::object();
      for (const auto& [phase, peak] : used.phases) {
        phases[phase] = {{"resident", peak.resident}, {"host", peak.host}, {"device", peak.device}};
      }
      json.push_back({{"workload", workload},
                      {"submission", name},
                      {"trials", used.trials},
                      {"host_allocators", used.host_allocators},
                      {"without_huge_pages", used.without_huge_pages},
                      {"phases", phases}});
    }
  }
  return json;
}

Json host_waits_json(const std::vector<TrialResult>& trials) {
  Json json = Json::array();
  for (const auto& [workload, row] : host_waits(trials)) {
    for (const auto& [name, waits] : row) {
      Json places = Json::array();
      for (const SyncPlace& place : waits.audit.places) {
        places.push_back({{"hook", place.hook},
                          {"operation", place.operation},
                          {"stack", place.stack},
                          {"count", place.count},
                          {"seconds", number_json(place.seconds)}});
      }
      const SyncVerdict verdict = sync_verdict({waits.audit});
      json.push_back({{"workload", workload},
                      {"submission", name},
                      {"trials", waits.trials},
                      {"steps", waits.audit.steps},
                      {"method", waits.audit.method},
                      {"verdict", to_string(verdict)},
                      {"sync_free", verdict.sync_free()},
                      {"places", places}});
    }
  }
  return json;
}

Json machine_json(const std::vector<TrialResult>& trials) {
  Json json = Json::array();
  for (const auto& [workload, row] : machine_records(trials)) {
    for (const auto& [name, record] : row) {
      Json quantities = Json::object();
      for (const auto& [quantity, range] : record.quantities)
        quantities[quantity] = {number_json(range.minimum), number_json(range.median),
                                number_json(range.maximum)};
      json.push_back(
          {{"workload", workload},
           {"submission", name},
           {"trials", record.trials},
           {"quantities", quantities},
           {"throttle_reasons", record.throttle_reasons},
           {"gauged", record.gauged},
           {"drifted", record.drifted},
           {"most_drift", record.most_drift ? number_json(record.most_drift->share) : Json(nullptr)},
           {"most_drift_kernel", record.most_drift ? record.most_drift->kernel : ""},
           {"reference_seconds", number_json(record.reference_seconds)}});
    }
  }
  return json;
}

// Content that is no JSON becomes null: the page then says that it cannot draw it.
Json exhibits_json(const std::vector<TrialResult>& trials) {
  Json json = Json::array();
  for (const auto& [workload, row] : shown_exhibits(trials)) {
    for (const auto& [name, shown] : row) {
      const ExhibitRecord& record = shown.record();
      Json content = Json::parse(record.content, nullptr, /*allow_exceptions=*/false);
      if (content.is_discarded()) content = nullptr;
      json.push_back({{"workload", workload},
                      {"submission", name},
                      {"study", shown.trial->spec.study},
                      {"trial", shown.trial->spec.trial},
                      {"step", record.step},
                      {"value", number_json(shown.value)},
                      {"kind", record.kind},
                      {"content", content}});
    }
  }
  return json;
}

// The newest on each device of each machine: what measured it before has gone.
Json null_measurements_json(const std::vector<NullMeasurement>& measurements) {
  std::map<std::pair<std::string, std::string>, Json> newest;
  for (const NullMeasurement& measurement : measurements) {
    const auto host = measurement.machine.find("host");
    const std::string name = host == measurement.machine.end() ? "" : host->second;
    Json seconds = Json::object();
    for (const auto& [what, value] : measurement.seconds)
      seconds[null_measurement_label(what)] = number_json(value);
    newest[{name, measurement.device}] = {
        {"host", name}, {"device", measurement.device}, {"seconds", seconds}};
  }
  Json json = Json::array();
  for (const auto& [place, entry] : newest) json.push_back(entry);
  return json;
}

// What the charts of a workload need: its metric, its target and budget lines. Several only where trials
// differ.
Json workload_facts_json(const std::vector<TrialResult>& trials) {
  std::map<std::string, Json> facts;
  for (const TrialResult& trial : trials) {
    const TrialSpec& spec = trial.spec;
    const auto add = [](Json& list, double value) {
      if (std::isfinite(value) && std::find(list.begin(), list.end(), value) == list.end())
        list.push_back(value);
    };
    Json& entry = facts[full_workload_name(spec)];
    if (entry.is_null()) {
      entry = {{"metric", spec.target.metric},
               {"minimize", spec.target.goal == MetricGoal::minimize},
               {"targets", Json::array()},
               {"budgets", Json::array()}};
    }
    add(entry["targets"], spec.target.validation);
    if (spec.budget_seconds > 0) add(entry["budgets"], spec.budget_seconds);
  }
  Json json = Json::object();
  for (const auto& [workload, entry] : facts) json[workload] = entry;
  return json;
}

// "load 1.03 on 2 cores" and "load 1.28 on 2 cores" are one warning.
std::string without_numbers(const std::string& message) {
  std::string text;
  for (const char letter : message) {
    const bool is_number = (letter >= '0' && letter <= '9') || letter == '.';
    if (!is_number) text += letter;
  }
  return text;
}

// Warnings that differ in their numbers only are shown once, by the first of them.
Json warnings_json(const std::vector<TrialResult>& trials) {
  std::map<std::string, Json> by_text;
  for (const TrialResult& trial : trials) {
    for (const std::string& warning : trial.warnings) {
      Json& entry = by_text[without_numbers(warning)];
      if (entry.is_null()) entry = {{"message", warning}, {"trials", 0}, {"differ", false}};
      entry["trials"] = entry["trials"].get<int64_t>() + 1;
      if (entry["message"] != warning) entry["differ"] = true;
    }
  }
  Json json = Json::array();
  for (const auto& [text, entry] : by_text) json.push_back(entry);
  return json;
}

Json page_data(const ReportInput& input) {
  const Score& score = input.score;
  const Uncertainty& uncertainty = input.uncertainty;
  return {{"ruleset", input.ruleset},
          {"version", input.version},
          {"date", input.date},
          {"verdict", report_verdict(score, uncertainty)},
          {"level", uncertainty.options.level},
          {"replicates", uncertainty.options.replicates},
          {"ranking", ranking(score)},
          {"workloads", score.workloads},
          {"base_workloads", score.base_workloads},
          {"hardware_classes", score.hardware_classes},
          {"scores", scores_json(score, uncertainty)},
          {"times", times_json(score, uncertainty)},
          {"profile", profile_json(score, uncertainty)},
          {"better", uncertainty.better},
          {"within_noise", noise_json(score, uncertainty)},
          {"sensitivity", sensitivity_json(input.sensitivity)},
          {"clock", clock_json(input.trials)},
          {"step", step_json(input.trials)},
          {"null_measurements", null_measurements_json(input.null_measurements)},
          {"first_steps", first_steps_json(input.trials)},
          {"memory", memory_json(input.trials)},
          {"host_waits", host_waits_json(input.trials)},
          {"machine", machine_json(input.trials)},
          {"exhibits", exhibits_json(input.trials)},
          {"workload_facts", workload_facts_json(input.trials)},
          {"notes", score.notes},
          {"uncertainty_notes", uncertainty.notes},
          {"warnings", warnings_json(input.trials)},
          {"most_curve_points", kMostCurvePoints},
          {"trials", trials_json(input)},
          {"curves", curves_json(input)},
          {"records", records_json(input)}};
}

}  // namespace

std::string report_data(const ReportInput& input) {
  return page_data(input).dump(-1, ' ', true, Json::error_handler_t::replace);
}

}  // namespace timetrial

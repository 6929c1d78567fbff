#include "harness/cli/score_choice.h"

#include <charconv>
#include <cmath>

#include "harness/errors/user_error.h"

namespace timetrial {

namespace {

std::optional<double> number_from(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// "A,B"; "none" and "" are no name.
std::vector<std::string> names_from(const std::string& text) {
  std::vector<std::string> names = CLI::detail::split(text, ',');
  std::erase_if(names, [](const std::string& name) { return name.empty() || name == "none"; });
  return names;
}

std::map<std::string, double> pairs_from(const std::vector<std::string>& texts, const std::string& option) {
  std::map<std::string, double> pairs;
  for (const std::string& text : texts) {
    const std::size_t sign = text.rfind('=');
    const std::optional<double> value =
        sign == std::string::npos ? std::nullopt : number_from(text.substr(sign + 1));
    if (!value || std::isnan(*value) || sign == 0) {
      throw UserError({"this is no workload with a number", option, text,
                       "write " + option + " WORKLOAD=VALUE, for example " + option + " mnist=0.88"});
    }
    pairs[text.substr(0, sign)] = *value;
  }
  return pairs;
}

std::optional<double> tau_max_from(const std::string& text) {
  if (text == "auto") return std::nullopt;
  const std::optional<double> value = number_from(text);
  if (!value || !std::isfinite(*value)) {
    throw UserError({"this is no end of the tau axis", "--tau-max", text,
                     "give a number above --tau-min, or auto for the largest finite ratio"});
  }
  return value;
}

void require_known(const std::map<std::string, double>& pairs, const ProfileOptions& profile,
                   const std::string& option) {
  for (const auto& [workload, value] : pairs) {
    std::string names;
    bool known = false;
    for (const auto* list : {&profile.base_workloads, &profile.held_out}) {
      for (const std::string& name : *list) {
        known = known || name == workload;
        names += (names.empty() ? "" : ", ") + name;
      }
    }
    if (!known) throw UserError({"this workload is not scored", option, workload, "use one of: " + names});
  }
}

void require_valid_grid(const ProfileOptions& profile) {
  if (profile.tau_points < 2) {
    throw UserError({"a profile needs two points at least", "--tau-points",
                     std::to_string(profile.tau_points), "give 2 or more"});
  }
  if (!(profile.tau_min > 0) || (profile.tau_max && *profile.tau_max <= profile.tau_min)) {
    throw UserError({"the tau axis has no width", "--tau-min, --tau-max", std::to_string(profile.tau_min),
                     "give 0 < tau-min < tau-max"});
  }
}

}  // namespace

void ScoreChoice::add(CLI::App& app) {
  app.add_option("--db", database, "Result file (default: results.sqlite of the results folder)");
  app.add_option(
      "--ruleset", ruleset,
      "Score by these rules: as list trials names them, a built-in name or a JSON file (default: those "
      "of the trials)");
  app.add_option("--trials-of", trials_of, "Score the trials of this ruleset label (default: of --ruleset)");
  app.add_option("--submissions", submissions, "Only these, by name: A,B")->delimiter(',');
  app.add_option("--workloads", workloads, "Base workloads of the score: A,B (default: the ruleset's)")
      ->delimiter(',');
  // Not an optional list: CLI11 takes an empty one for none given.
  app.add_option_function<std::string>(
      "--held-out", [this](const std::string& names) { held_out = names_from(names); },
      "Held-out workloads: A,B; none (default: the ruleset's)");
  app.add_option("--target", targets, "Another validation target: WORKLOAD=VALUE; repeat for more");
  app.add_option("--budget", budgets,
                 "Hits on a later submission clock do not count: WORKLOAD=SECONDS; repeat for more");
  app.add_option("--studies", studies, "Only these studies: 0,2,4")->delimiter(',');
  app.add_option("--trial-choice", trial_choice,
                 "Which trial speaks for a study: eval-index (AlgoPerf's code) or time (AlgoPerf's text)");
  app.add_option("--ties", ties, "Of trials equal by eval-index: first or last");
  app.add_option("--missing-study", missing_study, "A study without data: skip it, or inf");
  app.add_option("--axis", axis, "Measure time in seconds or steps")
      ->check(CLI::IsMember({"seconds", "steps"}))
      ->capture_default_str();
  app.add_option("--tau-min", tau_min, "Begin of the tau axis")->capture_default_str();
  app.add_option("--tau-max", tau_max, "Its end, or auto: the largest finite ratio (default: the ruleset's)");
  app.add_option("--tau-points", tau_points, "Points of the tau axis (default: the ruleset's)");
  app.add_option("--tau-scale", tau_scale, "linear or log")
      ->check(CLI::IsMember({"linear", "log"}))
      ->capture_default_str();
  app.add_option("--reference", reference,
                 "Ratios to the times of this submission instead of the best, and speedups over it");
  app.add_flag("--mix-hardware-classes", mix_hardware_classes,
               "Score trials of different hardware classes together");
  app.add_option("--replicates", uncertainty.replicates,
                 "Bootstrap replicates of the intervals; 0 = no intervals")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--bootstrap-seed", uncertainty.seed, "Seed of the intervals")->capture_default_str();
}

ScoreOptions ScoreChoice::options(const std::string& label, const Ruleset& rules) const {
  ScoreOptions options;
  options.hits.ruleset = label;
  options.hits.axis = axis == "steps" ? TimeAxis::steps : TimeAxis::submission_seconds;
  options.hits.validation_targets = pairs_from(targets, "--target");
  options.hits.budgets = pairs_from(budgets, "--budget");
  options.submissions = submissions;
  options.studies = studies;
  options.mix_hardware_classes = mix_hardware_classes;
  options.trials_per_study = rules.trials_per_study;

  TimeToTargetOptions& times = options.time_to_target;
  times.trial_choice = trial_choice_from_string(trial_choice.value_or(rules.scoring.trial_choice));
  times.ties = tie_break_from_string(ties.value_or(rules.scoring.ties));
  times.missing_study = missing_study_from_string(missing_study.value_or(rules.scoring.missing_study));
  times.expected_studies = studies;
  for (int64_t study = 0; studies.empty() && study < rules.studies; ++study)
    times.expected_studies.push_back(study);

  ProfileOptions& profile = options.profile;
  profile.base_workloads = workloads.value_or(rules.workloads);
  profile.held_out = held_out.value_or(rules.held_out);
  profile.tau_min = tau_min;
  profile.tau_max = tau_max ? tau_max_from(*tau_max) : std::optional<double>(rules.scoring.tau_max);
  profile.tau_points = tau_points.value_or(rules.scoring.tau_points);
  profile.log_tau = tau_scale == "log";
  profile.reference_submission = reference;
  require_valid_grid(profile);
  require_known(options.hits.validation_targets, profile, "--target");
  require_known(options.hits.budgets, profile, "--budget");
  return options;
}

}  // namespace timetrial

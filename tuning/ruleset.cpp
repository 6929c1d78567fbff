#include "tuning/ruleset.h"

#include <algorithm>

#include "embedded/ruleset_files.h"
#include "harness/errors/user_error.h"
#include "tuning/named_source.h"
#include "tuning/strict_json.h"

namespace timetrial {

namespace {

ScoringRules parse_scoring(const OrderedJson& json, const std::string& where) {
  StrictObject object(json, where, "\"scoring\"");
  ScoringRules scoring;
  scoring.tau_max = object.number("tau_max");
  if (scoring.tau_max <= 1) object.fail("tau_max", "must be above 1", "AlgoPerf uses 4");
  scoring.tau_points = object.integer("tau_points", 2);
  scoring.trial_choice = object.choice("trial_choice", {"eval-index", "time"});
  scoring.missing_study = object.choice("missing_study", {"skip", "inf"});
  scoring.ties = object.choice("ties", {"first", "last"});
  object.finish();
  return scoring;
}

}  // namespace

Ruleset parse_ruleset(const std::string& json, const std::string& where) {
  const OrderedJson parsed = parse_strict_json(json, where);
  StrictObject object(parsed, where, "the ruleset");
  Ruleset ruleset;
  ruleset.name = object.text("name");
  if (ruleset.name.empty()) object.fail("name", "must not be empty", "name the ruleset");
  ruleset.version = object.integer("version", 1);
  ruleset.description = object.text("description");
  ruleset.tuning = object.choice("tuning", {"external", "self-tuning"}) == "external"
                       ? TuningMode::external
                       : TuningMode::self_tuning;
  ruleset.benchmark = object.text("benchmark");
  ruleset.studies = object.integer("studies", 1);
  ruleset.trials_per_study = object.integer("trials_per_study", 1);
  ruleset.budget_factor = object.positive_number("budget_factor");
  ruleset.stop_rule = object.choice("stop_rule", {"validation_target", "both_targets", "never"});
  ruleset.workloads = object.text_list("workloads");
  if (ruleset.workloads.empty()) object.fail("workloads", "must not be empty", "name at least one workload");
  ruleset.held_out = object.text_list("held_out");
  if (object.has("kernel_cache")) ruleset.kernel_cache = object.choice("kernel_cache", {"cold", "warm"});
  if (object.has("reference_drift")) ruleset.reference_drift = object.positive_number("reference_drift");
  if (object.has("futility_stop")) ruleset.futility_stop = object.flag("futility_stop");
  if (object.has("isolation"))
    ruleset.isolation = object.choice("isolation", {"none", "process", "sandbox", "strict"});
  ruleset.scoring = parse_scoring(object.require("scoring"), where);
  object.finish();
  for (const std::string& name : ruleset.held_out) {
    if (std::count(ruleset.workloads.begin(), ruleset.workloads.end(), name) != 0) {
      object.fail("held_out", "names \"" + name + "\", which is also in \"workloads\"",
                  "keep it in one of the two");
    }
    // A held-out workload qualifies its base workload, so that one must be in the score.
    const bool has_base = std::any_of(ruleset.workloads.begin(), ruleset.workloads.end(),
                                      [&](const std::string& base) { return name.starts_with(base + "_"); });
    if (!has_base) {
      object.fail("held_out", "names \"" + name + "\", a variant of no workload in \"workloads\"",
                  "add its base workload to \"workloads\"");
    }
  }
  return ruleset;
}

Ruleset load_ruleset(const std::string& name_or_file) {
  const NamedSource source = find_source(name_or_file, "ruleset", ruleset_files_names(), ruleset_files);
  Ruleset ruleset = parse_ruleset(source.text, source.where);
  // Trials are told apart by the name of their ruleset: another one of the same name would be scored with it.
  const std::vector<std::string> builtin = builtin_rulesets();
  const bool own_name = std::find(builtin.begin(), builtin.end(), ruleset.name) == builtin.end();
  if (!own_name && ruleset.name != name_or_file) {
    throw UserError(
        {"the name belongs to a built-in ruleset", source.where, ruleset.name, "give it a name of its own"});
  }
  return ruleset;
}

std::vector<std::string> builtin_rulesets() {
  return without_json_ending(ruleset_files_names());
}

}  // namespace timetrial

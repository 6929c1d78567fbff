#include "harness/controller/sweep_plan.h"

#include <algorithm>

#include "harness/controller/trial_execution.h"
#include "harness/errors/user_error.h"
#include "harness/journal/checksum.h"
#include "harness/journal/durable_file.h"
#include "tuning/strict_json.h"

namespace timetrial {

namespace {

constexpr int64_t kFormat = 1;
constexpr const char* kFileName = "plan.json";

std::string name_of(SweepKind kind) {
  return kind == SweepKind::local ? "local" : "slurm";
}

std::filesystem::path sweeps_folder(const std::filesystem::path& results) {
  return results / "sweeps";
}

std::string plan_to_json(const SweepPlan& plan) {
  OrderedJson object;
  object["format"] = kFormat;
  object["kind"] = name_of(plan.kind);
  object["jobs"] = plan.jobs;
  object["unix_seconds"] = plan.unix_seconds;
  object["trials"] = plan.trials;
  return object.dump(1) + "\n";
}

}  // namespace

std::filesystem::path sweep_folder(const std::filesystem::path& results, const std::string& id) {
  return sweeps_folder(results) / id;
}

SweepPlan make_sweep_plan(const std::vector<TrialSpec>& specs, SweepKind kind, int64_t jobs) {
  SweepPlan plan;
  plan.kind = kind;
  plan.jobs = jobs;
  std::string all = name_of(kind);
  for (const TrialSpec& spec : specs) {
    plan.trials.push_back(trial_path(spec).string());
    all += "\n" + plan.trials.back();
  }
  plan.id = crc32_of(all);
  return plan;
}

void write_sweep_plan(const std::filesystem::path& results, const SweepPlan& plan,
                      const std::vector<TrialSpec>& specs) {
  for (const TrialSpec& spec : specs) {
    const std::filesystem::path directory = trial_directory(results, spec);
    if (!std::filesystem::exists(directory / "trial.json")) write_trial_spec(directory, spec);
  }
  write_file_durably(sweep_folder(results, plan.id) / kFileName, plan_to_json(plan));
}

SweepPlan read_sweep_plan(const std::filesystem::path& results, const std::string& id) {
  const std::string file = (sweep_folder(results, id) / kFileName).string();
  const OrderedJson json = parse_strict_json(read_text_file(file, "sweep plan"), file);
  StrictObject object(json, file, "plan");
  if (const int64_t format = object.integer("format", 0); format != kFormat) {
    throw UserError({"this sweep was planned in another format", file, std::to_string(format),
                     "go on with it with the version of timetrial that began it"});
  }
  SweepPlan plan;
  plan.id = id;
  plan.kind = object.choice("kind", {"local", "slurm"}) == "local" ? SweepKind::local : SweepKind::slurm;
  plan.jobs = object.integer("jobs", 0);
  plan.unix_seconds = object.number("unix_seconds");
  plan.trials = object.text_list("trials");
  object.finish();
  return plan;
}

std::vector<SweepPlan> sweep_plans(const std::filesystem::path& results) {
  std::vector<SweepPlan> plans;
  std::error_code absent;
  for (const auto& entry : std::filesystem::directory_iterator(sweeps_folder(results), absent)) {
    try {
      plans.push_back(read_sweep_plan(results, entry.path().filename().string()));
    } catch (const UserError&) {  // not a sweep's folder, or one of another version
    }
  }
  std::sort(plans.begin(), plans.end(),
            [](const SweepPlan& a, const SweepPlan& b) { return a.unix_seconds > b.unix_seconds; });
  return plans;
}

SweepPlan find_sweep_plan(const std::filesystem::path& results, const std::string& id) {
  if (!id.empty() && std::filesystem::exists(sweep_folder(results, id) / kFileName))
    return read_sweep_plan(results, id);
  const std::vector<SweepPlan> plans = sweep_plans(results);
  if (id.empty() && !plans.empty()) return plans.front();
  std::string there;
  for (const SweepPlan& plan : plans) there += (there.empty() ? "" : ", ") + plan.id;
  throw UserError({id.empty() ? "there is no sweep to resume" : "there is no such sweep",
                   sweeps_folder(results).string(), id,
                   there.empty() ? "begin one with timetrial sweep, or name its folder with --results"
                                 : "name one of: " + there});
}

std::vector<std::filesystem::path> trial_directories_of(const std::filesystem::path& results,
                                                        const SweepPlan& plan) {
  std::vector<std::filesystem::path> directories;
  for (const std::string& trial : plan.trials) directories.push_back(results / "trials" / trial);
  return directories;
}

std::vector<TrialSpec> specs_of(const std::filesystem::path& results, const SweepPlan& plan) {
  std::vector<TrialSpec> specs;
  for (const std::string& trial : plan.trials) {
    const std::filesystem::path directory = results / "trials" / trial;
    specs.push_back(read_trial_spec(directory));
    if (trial_path(specs.back()) != trial) {
      throw UserError({"this trial is not the one that was planned here", directory.string(), "",
                       "put its trial.json back, or begin the sweep anew"});
    }
  }
  return specs;
}

}  // namespace timetrial

// A sweep over submissions that break out of everything that one can break out of: each is contained and
// named, the others are none the worse for it.

#include <algorithm>
#include <fstream>

#include "end_to_end.h"
#include "harness/isolation/sandbox_probe.h"
#include "results/store/sqlite.h"

namespace timetrial {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Animal {
  const char* name;
  Outcome outcome;
  const char* words;  // of the message
};

// What holds from IsolationLevel::process on. What strict isolation refuses, other levels notice.
std::vector<Animal> animals_at(const std::string& level) {
  const bool strict = level == "strict";
  std::vector<Animal> all = {
      {"segfaults", Outcome::crashed, "SIGSEGV"},
      {"aborts", Outcome::crashed, "SIGABRT"},
      {"exits", Outcome::crashed, "called exit() in update"},
      {"exits_at_once", Outcome::crashed, "the submission called exit()"},
      {"loops_forever", Outcome::hung, "update() did not return"},
      {"forks_without_end", Outcome::failed, "the submission started processes"},
      {"takes_all_memory", Outcome::out_of_memory, "in the phase training; its peak: "},
      {"fills_disk", Outcome::failed, "the submission filled the disk"},
      {"opens_socket", Outcome::failed, "it opened a network connection: TCP socket"},
      {"reads_held_back", Outcome::failed,
       strict ? "it cannot read " : "it read examples that are held back"},
      {"changes_environment", Outcome::failed, "it changed the environment: OMP_NUM_THREADS"},
      {"installs_signal_handler", Outcome::failed, "it changed what happens at the signal SIGTERM"},
      {"forks_daemon", Outcome::failed, "it started a process: zoo-daemon"},
      {"throws_no_exception", Outcome::failed, "update: "},
      {"throws_in_update", Outcome::failed, "the third update is one too many"},
      {"corrupts_checkpoint", Outcome::failed,
       strict ? "it cannot write to " : "it wrote to the files of the trial: "},
      {"returns_nan", Outcome::diverged, "To cure it: lower the learning rate"},
      {"changes_targets", Outcome::failed, "it changed the targets of a batch"},
      {"patches_clock", Outcome::failed, "it replaced the clock"},
  };
  // A stopped process does no work that would have to be forbidden.
  if (!strict) all.push_back({"works_off_the_clock", Outcome::failed, "went on while the clock stood"});
  return all;
}

std::vector<std::string> processes_named(const std::string& beginning) {
  std::vector<std::string> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    std::ifstream stream(entry.path() / "comm");
    std::string name;
    if (std::getline(stream, name) && name.starts_with(beginning)) found.push_back(name);
  }
  return found;
}

class Zoo : public EndToEnd, public ::testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    EndToEnd::SetUp();
    if (level() != "process" && !sandbox_refusal().empty()) GTEST_SKIP() << sandbox_refusal();
    std::filesystem::create_directories(victim());
    write("victim/file", "untouched");
  }

  static std::string level() { return GetParam(); }
  std::filesystem::path victim() const { return folder() / "victim"; }

  ProgramEnd sweep(const std::vector<std::string>& names, const CustomRules& rules) const {
    std::vector<std::string> arguments = {"sweep",
                                          "--ruleset",
                                          write_rules(rules),
                                          "--results",
                                          results().string(),
                                          "--threads",
                                          "1",
                                          "--isolation",
                                          level(),
                                          "--memory-limit-gib",
                                          "1.25",
                                          "--process-limit",
                                          "16",
                                          "--disk-limit-gib",
                                          "0.0625"};
    for (const std::string& name : names)
      arguments.insert(arguments.end(), {"--submission", misbehaving(name)});
    ProgramOptions options;
    options.environment = {{"TIMETRIAL_ZOO_FOLDER", victim().string()}};
    return timetrial(arguments, options);
  }

  static CustomRules short_rules() {
    CustomRules rules;
    rules.self_tuning = true;
    rules.stall_limit_seconds = 15;
    rules.budget_seconds = 3;
    return rules;
  }

  std::map<std::string, TrialResult> by_submission() const {
    std::map<std::string, TrialResult> found;
    for (const TrialResult& trial : stored(results())) found[trial.spec.submission] = trial;
    return found;
  }

  void expect_all_is_as_it_was() const {
    EXPECT_TRUE(wait_until([] { return processes_named("zoo-").empty(); }));
    EXPECT_THAT(processes_named("zoo-"), IsEmpty());
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(victim()))
      files.push_back(entry.path().filename());
    EXPECT_THAT(files, ::testing::ElementsAre("file"));
    Database database(results() / "results.sqlite", OpenMode::read_only, std::chrono::milliseconds(1000));
    Statement check(database, "PRAGMA integrity_check");
    ASSERT_TRUE(check.step());
    EXPECT_EQ(check.text(0), "ok");
    EXPECT_EQ(database.query_integer("SELECT count(*) FROM pragma_foreign_key_check"), 0);
  }
};

TEST_P(Zoo, EachIsContainedAndNamedAndTheSweepGoesOn) {
  std::vector<std::string> names = {"plain_sgd"};
  const std::vector<Animal> animals = animals_at(level());
  for (const Animal& animal : animals) names.emplace_back(animal.name);
  const ProgramEnd end = sweep(names, short_rules());
  EXPECT_EQ(end.exit_code, kTrouble) << end.output;

  const std::map<std::string, TrialResult> trials = by_submission();
  ASSERT_EQ(trials.size(), names.size()) << end.output;
  for (const Animal& animal : animals) {
    const TrialResult& trial = trials.at(animal.name);
    ASSERT_EQ(trial.outcome.size(), 1U) << animal.name;
    EXPECT_EQ(to_string(trial.outcome[0].outcome), to_string(animal.outcome))
        << animal.name << ": " << trial.outcome[0].message;
    EXPECT_THAT(trial.outcome[0].message, HasSubstr(animal.words)) << animal.name;
    ASSERT_EQ(trial.starts.size(), 1U) << animal.name << " must not be tried again";
    EXPECT_EQ(trial.starts[0].isolation, level()) << animal.name;
  }
  const Outcome good = trials.at("plain_sgd").outcome.at(0).outcome;
  EXPECT_TRUE(good == Outcome::target_reached || good == Outcome::budget_exhausted) << to_string(good);
  expect_all_is_as_it_was();
}

TEST_P(Zoo, StatisticsOfTheModelAreNotASubmissionsToSet) {
  const char* data = std::getenv("TIMETRIAL_DATA");
  if (!std::filesystem::exists(std::filesystem::path(data) / "cifar/mini/manifest.json"))
    GTEST_SKIP() << "there is no cifar/mini; run `timetrial prepare cifar --tier mini`";
  CustomRules rules = short_rules();
  rules.workloads = {"cifar"};
  const ProgramEnd end = sweep({"alters_buffers"}, rules);
  EXPECT_EQ(end.exit_code, kTrouble) << end.output;
  const TrialResult trial = by_submission().at("alters_buffers");
  EXPECT_EQ(trial.outcome.at(0).outcome, Outcome::failed);
  EXPECT_THAT(trial.outcome.at(0).message, HasSubstr("prepare_for_eval: it changed buffers of the model"));
  expect_all_is_as_it_was();
}

// Below a sandbox the file system is the user's own (rules.md, section 13).
TEST_P(Zoo, WritingOutsideIsRefusedInASandbox) {
  if (level() == "process") GTEST_SKIP() << "only a sandbox refuses it";
  const ProgramEnd end = sweep({"writes_outside"}, short_rules());
  EXPECT_EQ(end.exit_code, kTrouble) << end.output;
  const TrialResult trial = by_submission().at("writes_outside");
  EXPECT_EQ(trial.outcome.at(0).outcome, Outcome::failed);
  EXPECT_THAT(trial.outcome.at(0).message, HasSubstr("it cannot write outside its directory"));
  expect_all_is_as_it_was();
}

// Its thread computes all the time, but not while it is stopped: on the clock it may.
TEST_P(Zoo, WorkOffTheClockIsImpossibleInStrictIsolation) {
  if (level() != "strict") GTEST_SKIP() << "other levels notice it";
  const ProgramEnd end = sweep({"works_off_the_clock"}, short_rules());
  EXPECT_EQ(end.exit_code, kDone) << end.output;
  EXPECT_FALSE(is_trouble(by_submission().at("works_off_the_clock").outcome.at(0).outcome));
}

INSTANTIATE_TEST_SUITE_P(Level, Zoo, ::testing::Values("process", "sandbox", "strict"));

}  // namespace
}  // namespace timetrial

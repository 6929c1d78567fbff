// --audit-sync: what it finds is printed, stored, listed and reported.

#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "end_to_end.h"
#include "running_trial.h"

namespace timetrial {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class AuditSync : public EndToEnd {
 protected:
  std::string rules() const {
    CustomRules custom;
    custom.self_tuning = true;
    return write_rules(custom);
  }

  std::vector<std::string> audited(const std::string& library, int64_t steps) const {
    return {"run",
            "--ruleset",
            rules(),
            "--tier",
            "mini",
            "--workload",
            "mnist",
            "--submission",
            library,
            "--max-steps",
            std::to_string(steps),
            "--ignore-targets",
            "--audit-sync",
            "--threads",
            "1",
            "--results",
            results().string()};
  }

  static std::string text_of(const std::filesystem::path& file) {
    std::stringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
  }

  std::string printed(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--results", results().string()});
    const ProgramEnd end = timetrial(arguments);
    EXPECT_EQ(end.exit_code, kDone) << end.output;
    return end.output;
  }
};

// Without those of the workload, which is on the list too.
std::vector<SyncPlace> of_submission(const SyncAuditRecord& audit) {
  std::vector<SyncPlace> places = audit.places;
  std::erase_if(places, [](const SyncPlace& place) { return place.hook == "workload"; });
  return places;
}

TEST_F(AuditSync, NamesThePlaceInTheSubmissionEverywhere) {
  const ProgramEnd run = timetrial(audited(misbehaving("reads_loss"), 40));
  EXPECT_EQ(run.exit_code, kDone) << run.output;
  for (const char* text :
       {"1 per step, ", "told by tensor operations", "update: aten::item, 40 times in 40 steps",
        "ReadsLoss::rate_from_the_loss(at::Tensor const&) (reads_loss.so+0x"}) {
    EXPECT_THAT(run.output, HasSubstr(text));
    EXPECT_THAT(text_of(only_trial(results()) / "worker.log"), HasSubstr(text));
  }

  const std::vector<JournalRecord> journal = read_journal(only_trial(results())).records;
  EXPECT_TRUE(std::holds_alternative<OutcomeRecord>(journal.back()));
  const std::vector<SyncAuditRecord> audits = records_of<SyncAuditRecord>(only_trial(results()));
  ASSERT_EQ(audits.size(), 1U);
  const SyncAuditRecord& found = audits[0];
  EXPECT_EQ(found.steps, 40);
  const std::vector<SyncPlace> places = of_submission(found);
  ASSERT_EQ(places.size(), 1U);
  EXPECT_EQ(places[0].hook, "update");
  EXPECT_EQ(places[0].count, 40);
  EXPECT_GT(places[0].seconds, 0);

  const TrialResult trial = stored(results()).at(0);
  EXPECT_EQ(trial.spec.ruleset, "quick+max-steps=40+ignore-targets+audit-sync");
  ASSERT_EQ(trial.sync_audits.size(), 1U);
  EXPECT_EQ(record_to_json(trial.sync_audits[0]), record_to_json(found));

  EXPECT_THAT(printed({"list", "trials"}), HasSubstr("1 per step, "));
  const std::string page = (folder() / "report.html").string();
  const std::string numbers = (folder() / "numbers").string();
  printed(
      {"report", "--ruleset", rules(), "--trials-of", trial.spec.ruleset, "--out", page, "--csv", numbers});
  EXPECT_THAT(text_of(page), HasSubstr("ReadsLoss::rate_from_the_loss"));
  EXPECT_THAT(text_of(numbers + "/host_waits.csv"),
              HasSubstr("reads_loss,mnist,1,40,tensor operations,update,aten::item,40,"));
}

TEST_F(AuditSync, SaysThatASubmissionIsClean) {
  const ProgramEnd run = timetrial(audited(submission("sync_free_adamw"), 40));
  EXPECT_EQ(run.exit_code, kDone) << run.output;
  EXPECT_THAT(run.output, HasSubstr("sync-free: yes"));
  const std::vector<SyncAuditRecord> found = records_of<SyncAuditRecord>(only_trial(results()));
  ASSERT_EQ(found.size(), 1U);
  for (const SyncPlace& place : found[0].places) EXPECT_EQ(place.hook, "workload");
  EXPECT_THAT(printed({"list", "trials"}), HasSubstr("sync-free: yes"));
}

TEST_F(AuditSync, FindsAWaitBeforeAnEvaluation) {
  EXPECT_EQ(timetrial(audited(misbehaving("waits_before_eval"), 20)).exit_code, kDone);
  const std::vector<SyncAuditRecord> found = records_of<SyncAuditRecord>(only_trial(results()));
  ASSERT_EQ(found.size(), 1U);
  const std::vector<SyncPlace> places = of_submission(found[0]);
  ASSERT_EQ(places.size(), 1U);
  EXPECT_EQ(places[0].hook, "prepare_for_eval");
  EXPECT_EQ(places[0].operation, "aten::nonzero");
  EXPECT_THAT(places[0].stack, HasSubstr("WaitsBeforeEval::count_zeros"));
}

TEST_F(AuditSync, EveryAttemptOfAnInterruptedTrialHasItsOwn) {
  constexpr int64_t kSteps = 3000;
  const std::vector<std::string> arguments = audited(misbehaving("reads_loss"), kSteps);
  RunningTrial trial(command(arguments), results());
  ASSERT_TRUE(trial.reaches(kSteps / 4));
  trial.program().send(SIGINT);
  const ProgramEnd stopped = trial.program().finish();
  EXPECT_EQ(stopped.exit_code, kInterrupted) << stopped.output;
  EXPECT_THAT(stopped.output, HasSubstr("1 per step, "));
  const ProgramEnd end = timetrial(arguments);
  EXPECT_EQ(end.exit_code, kDone) << end.output;
  const std::vector<SyncAuditRecord> found = records_of<SyncAuditRecord>(only_trial(results()));
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].steps + found[1].steps, kSteps);
  EXPECT_EQ(stored(results()).at(0).sync_audits.size(), 2U);
  EXPECT_THAT(end.output, HasSubstr("update: aten::item, 3000 times in 3000 steps"));
}

TEST_F(AuditSync, WithoutTheOptionNothingIsSaid) {
  const ProgramEnd run = timetrial(fixed_trial("adamw", "mnist", 20, results()));
  EXPECT_EQ(run.exit_code, kDone) << run.output;
  EXPECT_THAT(run.output, Not(HasSubstr("host waits")));
  EXPECT_TRUE(records_of<SyncAuditRecord>(only_trial(results())).empty());
  EXPECT_THAT(printed({"list", "trials"}), Not(HasSubstr("host waits")));
}

}  // namespace
}  // namespace timetrial

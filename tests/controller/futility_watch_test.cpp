#include "harness/controller/futility_watch.h"

#include <gtest/gtest.h>

#include "../temporary_folder.h"
#include "harness/journal/journal.h"

namespace timetrial {
namespace {

class FutilityWatchTest : public FolderTest {
 protected:
  static TrialSpec spec_of(const std::string& submission, int64_t study, int64_t trial) {
    TrialSpec spec;
    spec.submission = submission;
    spec.workload = "mnist";
    spec.study = study;
    spec.trial = trial;
    spec.target = {"accuracy", MetricGoal::maximize, 0.9, std::nullopt};
    spec.futility_stop = true;
    return spec;
  }

  // A trial that evaluates at 1, 2, 3 … seconds and steps of 10.
  std::filesystem::path trial_with(const std::string& name, const std::vector<double>& accuracies) const {
    std::filesystem::create_directories(folder_ / name);
    JournalWriter journal(folder_ / name);
    journal.append(StartRecord{});
    for (std::size_t i = 0; i < accuracies.size(); ++i) {
      EvaluationRecord evaluation;
      evaluation.step = 10 * static_cast<int64_t>(i + 1);
      evaluation.submission_seconds = static_cast<double>(i + 1);
      evaluation.metrics["validation/accuracy"] = accuracies[i];
      journal.append(evaluation);
    }
    return folder_ / name;
  }
};

TEST_F(FutilityWatchTest, TellsOthersOfTheStudyWhatWasReached) {
  FutilityWatch watch;
  watch.tell(spec_of("a", 0, 1), folder_ / "other");
  EXPECT_FALSE(read_futility_bound(folder_ / "other").has_value());
  EXPECT_TRUE(watch.note_end(spec_of("a", 0, 0), trial_with("first", {0.5, 0.8, 0.95, 0.99})));
  watch.tell(spec_of("a", 0, 1), folder_ / "other");
  EXPECT_EQ(read_futility_bound(folder_ / "other"), (FutilityBound{2, 3, 30}));
  // A later one that is better lowers it, one that is worse does not.
  EXPECT_TRUE(watch.note_end(spec_of("a", 0, 2), trial_with("better", {0.5, 0.9})));
  EXPECT_FALSE(watch.note_end(spec_of("a", 0, 3), trial_with("worse", {0.5, 0.8, 0.9})));
  watch.tell(spec_of("a", 0, 1), folder_ / "other");
  EXPECT_EQ(read_futility_bound(folder_ / "other"), (FutilityBound{1, 2, 20}));
}

TEST_F(FutilityWatchTest, TellsNobodyElse) {
  FutilityWatch watch;
  watch.note_end(spec_of("a", 0, 0), trial_with("first", {0.95}));
  watch.tell(spec_of("a", 1, 0), folder_ / "study");
  watch.tell(spec_of("b", 0, 0), folder_ / "submission");
  TrialSpec unasked = spec_of("a", 0, 1);
  unasked.futility_stop = false;
  watch.tell(unasked, folder_ / "unasked");
  for (const char* name : {"study", "submission", "unasked"})
    EXPECT_FALSE(read_futility_bound(folder_ / name).has_value()) << name;
}

TEST_F(FutilityWatchTest, ATrialThatMissedTellsNothing) {
  FutilityWatch watch;
  EXPECT_FALSE(watch.note_end(spec_of("a", 0, 0), trial_with("missed", {0.5, 0.8})));
}

}  // namespace
}  // namespace timetrial

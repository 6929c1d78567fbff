#include "harness/controller/sweep.h"

#include <gmock/gmock.h>

namespace timetrial {
namespace {

std::vector<TrialSpec> trials_of(const std::string& submission, int64_t count) {
  std::vector<TrialSpec> specs(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) {
    specs[static_cast<size_t>(i)].submission = submission;
    specs[static_cast<size_t>(i)].trial = i;
  }
  return specs;
}

TEST(Interleave, TakesTheFirstTrialOfEachThenTheSecond) {
  std::vector<std::string> order;
  for (const TrialSpec& spec : interleave({trials_of("a", 2), trials_of("b", 3), trials_of("c", 1)}))
    order.push_back(spec.submission + std::to_string(spec.trial));
  EXPECT_THAT(order, ::testing::ElementsAre("a0", "b0", "c0", "a1", "b1", "b2"));
}

TEST(Interleave, OfNothingIsNothing) {
  EXPECT_TRUE(interleave({}).empty());
  EXPECT_TRUE(interleave({{}, {}}).empty());
}

TEST(Trouble, IsEveryEndThatIsTheSubmissionsFault) {
  for (const Outcome good : {Outcome::target_reached, Outcome::budget_exhausted, Outcome::step_limit,
                             Outcome::finished_by_submission}) {
    EXPECT_FALSE(is_trouble(good)) << to_string(good);
  }
  for (const Outcome bad :
       {Outcome::diverged, Outcome::failed, Outcome::hung, Outcome::crashed, Outcome::out_of_memory}) {
    EXPECT_TRUE(is_trouble(bad)) << to_string(bad);
  }
}

TEST(Worker, SignalIsDescribedForPeople) {
  EXPECT_EQ(describe_signal(11), "SIGSEGV (Segmentation fault)");
  EXPECT_EQ(describe_signal(9), "SIGKILL (Killed)");
}

class Nothing final : public SweepObserver {
  void trial_started(const TrialSpec&, const std::filesystem::path&) override {}
  void trial_ended(const TrialSpec&, const OutcomeRecord&, bool) override {}
  void trial_killed(const TrialSpec&, const std::string&) override {}
  void tick(const std::vector<const TrialExecution*>&) override {}
};

TEST(Sweep, OfNoTrialsMakesAnEmptyResultFile) {
  std::string folder = (std::filesystem::temp_directory_path() / "timetrial-sweep-XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  SweepOptions options;
  options.results = folder;
  Nothing observer;
  const SweepSummary summary = run_sweep({}, options, std::atomic<bool>(false), observer);
  EXPECT_EQ(summary.finished, 0);
  EXPECT_FALSE(summary.interrupted);
  EXPECT_TRUE(Store::open_read_only(result_file(folder)).trials().empty());
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace timetrial

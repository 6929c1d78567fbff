// The memory of CPU tensors: whichever allocator it comes from, a trial ends alike, and tells what it took.

#include "../sanitizers/sanitizer.h"
#include "end_to_end.h"

namespace timetrial {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Key;

// Workers built with a sanitizer keep LibTorch's allocator, which counts nothing.
constexpr bool kCaches = kSanitizer == nullptr;

class Memory : public EndToEnd {
 protected:
  // The directory of a trial of 60 steps.
  std::filesystem::path trained(const std::string& name, const std::vector<std::string>& options) const {
    std::vector<std::string> arguments = fixed_trial("adamw", "mnist", 60, folder() / name);
    arguments.insert(arguments.end(), options.begin(), options.end());
    const ProgramEnd end = timetrial(arguments);
    EXPECT_EQ(end.exit_code, kDone) << end.output;
    return only_trial(folder() / name);
  }

  static MemoryRecord memory_of(const std::filesystem::path& trial) {
    const std::vector<MemoryRecord> found = records_of<MemoryRecord>(trial);
    EXPECT_EQ(found.size(), 1U);
    return found.empty() ? MemoryRecord{} : found.back();
  }
};

TEST_F(Memory, BothAllocatorsTrainToTheSameBits) {
  const std::filesystem::path caching = trained("caching", {});
  const std::filesystem::path limited = trained("limited", {"--host-cache-gib", "0.01"});
  const std::filesystem::path system = trained("system", {"--host-allocator", "system"});
  EXPECT_NE(final_hash(caching), "");
  EXPECT_EQ(final_hash(caching), final_hash(system));
  EXPECT_EQ(final_hash(caching), final_hash(limited));
  EXPECT_EQ(read_trial_spec(caching).ruleset, "quick+max-steps=60+ignore-targets");
  EXPECT_EQ(read_trial_spec(system).ruleset, "quick+max-steps=60+ignore-targets+host-allocator=system");

  const MemoryRecord counted = memory_of(caching);
  EXPECT_EQ(counted.host_allocator, kCaches ? "caching" : "system");
  const MemoryRecord uncounted = memory_of(system);
  EXPECT_EQ(uncounted.host_allocator, "system");
  EXPECT_EQ(uncounted.huge_pages, counted.huge_pages);
  EXPECT_EQ(uncounted.host_reserved_bytes, 0);
  EXPECT_EQ(uncounted.phases.at("training").host, 0);
  EXPECT_GT(uncounted.phases.at("training").resident, 0);
}

TEST_F(Memory, IsRecordedForEachPhaseJustBeforeTheOutcome) {
  const std::filesystem::path trial = trained("results", {});
  const std::vector<JournalRecord> records = read_journal(trial).records;
  ASSERT_GE(records.size(), 2U);
  EXPECT_TRUE(std::holds_alternative<OutcomeRecord>(records.back()));
  EXPECT_TRUE(std::holds_alternative<MemoryRecord>(records[records.size() - 2]));
  const MemoryRecord memory = memory_of(trial);
  EXPECT_THAT(memory.phases, ElementsAre(Key("evaluation"), Key("startup"), Key("training")));
  // Parameters of a 784-128-10 network, their gradients and AdamW's two averages are there while it trains.
  constexpr int64_t kParameterBytes = 4 * (784 * 128 + 128 + 128 * 10 + 10);
  EXPECT_GE(memory.phases.at("training").host, kCaches ? 4 * kParameterBytes : 0);
  EXPECT_LE(memory.phases.at("training").host, memory.host_reserved_bytes);
  int64_t largest = 0;
  for (const auto& [phase, peak] : memory.phases) {
    EXPECT_EQ(peak.host > 0, kCaches) << phase;
    EXPECT_GT(peak.resident, peak.host) << phase;
    EXPECT_EQ(peak.device, 0) << phase;
    largest = std::max(largest, peak.resident);
  }
  EXPECT_EQ(outcome_record(trial).peak_memory_bytes, largest);
  EXPECT_EQ(stored(folder() / "results").at(0).memory.size(), 1U);
}

TEST_F(Memory, RunningOutIsAnOutcomeThatNamesPhaseAndPeak) {
  for (const char* allocator : {"caching", "system"}) {
    CustomRules custom;
    custom.self_tuning = true;
    const std::filesystem::path results = folder() / allocator;
    const ProgramEnd run = timetrial({"run", "--ruleset", write_rules(custom), "--tier", "mini", "--workload",
                                      "mnist", "--submission", misbehaving("wants_all_memory"), "--results",
                                      results.string(), "--host-allocator", allocator});
    EXPECT_EQ(run.exit_code, kTrouble) << run.output;
    const std::filesystem::path trial = only_trial(results);
    const OutcomeRecord end = outcome_record(trial);
    EXPECT_EQ(end.outcome, Outcome::out_of_memory) << end.message;
    EXPECT_THAT(end.message, AllOf(HasSubstr("in the phase training; its peak: "), HasSubstr(" MiB resident"),
                                   HasSubstr("the submission failed in update")));
    EXPECT_EQ(memory_of(trial).host_allocator, kCaches ? allocator : "system");
  }
}

}  // namespace
}  // namespace timetrial

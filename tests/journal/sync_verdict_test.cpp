#include "harness/journal/sync_verdict.h"

#include <gmock/gmock.h>

namespace timetrial {
namespace {

using ::testing::HasSubstr;

TEST(SyncVerdict, IsSyncFreeWithoutAPlaceOfTheSubmission) {
  const SyncVerdict verdict = sync_verdict({{100, "cuda calls", {{"workload", "cudaFree", "a", 300, 0.5}}}});
  EXPECT_TRUE(verdict.sync_free());
  EXPECT_EQ(to_string(verdict), "sync-free: yes");
}

TEST(SyncVerdict, CountsPerStepOverAllPlacesAndAttempts) {
  const std::vector<SyncAuditRecord> audits = {
      {60, "cuda calls", {{"update", "cudaFree", "a", 120, 0.02}, {"workload", "cudaFree", "b", 9, 9}}},
      {40,
       "cuda calls",
       {{"update", "cudaFree", "a", 80, 0.01}, {"select_batch", "cudaFree", "c", 100, 0.011}}}};
  const SyncVerdict verdict = sync_verdict(audits);
  EXPECT_EQ(verdict.steps, 100);
  EXPECT_EQ(verdict.waits, 300);
  EXPECT_FALSE(verdict.sync_free());
  EXPECT_EQ(to_string(verdict), "3 per step, 0.41 ms");
}

TEST(SyncVerdict, SaysThatNothingWasAudited) {
  EXPECT_FALSE(sync_verdict({}).sync_free());
  EXPECT_EQ(to_string(sync_verdict({})), "no step was audited");
  EXPECT_EQ(to_string(sync_verdict({{0, "cuda calls", {}}})), "no step was audited");
}

TEST(SyncVerdict, MergesAttemptsByPlace) {
  const SyncAuditRecord merged = merged_sync_audit(
      {{60, "cuda calls", {{"update", "cudaFree", "a", 1, 0.5}}},
       {40, "cuda calls", {{"update", "cudaFree", "a", 2, 0.25}, {"update", "cudaFree", "other", 4, 1}}}});
  EXPECT_EQ(merged.steps, 100);
  ASSERT_EQ(merged.places.size(), 2U);
  EXPECT_EQ(merged.places[0].count, 3);
  EXPECT_EQ(merged.places[0].seconds, 0.75);
  EXPECT_EQ(merged.places[1].count, 4);
}

TEST(SyncVerdict, TextNamesEveryPlaceWithItsStack) {
  const std::string text = sync_audit_text(
      {10,
       "tensor operations",
       {{"update", "aten::item", "inner\nouter", 20, 0.01}, {"workload", "aten::to", "m", 1, 0}}});
  EXPECT_THAT(text, HasSubstr("told by tensor operations: 2 per step, 1 ms\n"));
  EXPECT_THAT(text,
              HasSubstr("  update: aten::item, 20 times in 10 steps, 10 ms\n      inner\n      outer\n"));
  EXPECT_THAT(text, HasSubstr("workload: aten::to, 1 times in 10 steps, 0 ms (does not count)\n"));
}

}  // namespace
}  // namespace timetrial

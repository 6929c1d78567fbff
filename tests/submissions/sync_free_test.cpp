// No submission that is meant to be free of waits makes the host wait for the device.

#include <algorithm>

#include <gmock/gmock.h>

#include "harness/device/tensor_sync_audit.h"
#include "harness/worker/audited_calls.h"
#include "submission_table.h"

namespace timetrial {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kSyncFreeSteps = 1000;

// What training with an evaluation at its end comes to. A submission may end its training before.
std::vector<SyncPlace> waits_of(const std::filesystem::path& library, const Point& point,
                                const std::string& problem_name, int64_t steps) {
  NoObserver nobody;
  TensorSyncAudit audit;
  AuditedCalls calls(nobody, audit);
  auto problem = make_trace_problem(problem_name, at::kFloat);
  TracedSubmission submission(library, point, problem->parameters, steps, &calls);
  for (int64_t step = 0; step < steps && submission.advance(*problem, step); ++step) {
  }
  submission.prepare_for_eval(*problem, steps);
  submission.resume_training();
  return audit.places();
}

std::string text_of(const std::vector<SyncPlace>& places) {
  std::string text;
  for (const SyncPlace& place : places)
    text +=
        place.hook + ": " + std::to_string(place.count) + " x " + place.operation + "\n" + place.stack + "\n";
  return text;
}

class SyncFree : public testing::TestWithParam<SubmissionCase> {};

TEST_P(SyncFree, InAThousandSteps) {
  for (const char* problem : {"mlp", "quad"}) {
    const std::vector<SyncPlace> places =
        waits_of(built_submission(GetParam().library), GetParam().point, problem, kSyncFreeSteps);
    if (GetParam().sync_free) {
      EXPECT_TRUE(places.empty()) << text_of(places);
    } else {
      EXPECT_FALSE(places.empty()) << "it is clean: say so in submission_table.cpp";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, SyncFree, testing::ValuesIn(submission_cases()),
                         testing::PrintToStringParamName());

struct Misbehaviour {
  std::string library;
  std::string hook;
  std::string operation;
  std::string function;  // of its own, where it waits
  int64_t count;
};

class NotSyncFree : public testing::TestWithParam<Misbehaviour> {};

TEST_P(NotSyncFree, IsNamedWithHookOperationAndItsOwnFunction) {
  const Misbehaviour& expected = GetParam();
  const std::vector<SyncPlace> places =
      waits_of(std::filesystem::path(TIMETRIAL_MISBEHAVING_DIR) / (expected.library + ".so"), {}, "mlp", 10);
  ASSERT_EQ(places.size(), 1U) << text_of(places);
  EXPECT_EQ(places[0].hook, expected.hook);
  EXPECT_EQ(places[0].operation, expected.operation);
  EXPECT_EQ(places[0].count, expected.count);
  EXPECT_THAT(places[0].stack, HasSubstr(expected.function));
  EXPECT_THAT(places[0].stack, HasSubstr(expected.library + ".so+0x"));
}

INSTANTIATE_TEST_SUITE_P(
    All, NotSyncFree,
    testing::Values(Misbehaviour{"reads_loss", "update", "aten::item", "ReadsLoss::rate_from_the_loss", 10},
                    Misbehaviour{"copies_to_host", "select_batch", "aten::to", "CopiesToHost::look_at", 10},
                    Misbehaviour{"waits_before_eval", "prepare_for_eval", "aten::nonzero",
                                 "WaitsBeforeEval::count_zeros", 1}),
    [](const auto& test) { return test.param.library; });

}  // namespace
}  // namespace timetrial

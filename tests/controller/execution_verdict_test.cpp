#include "harness/controller/execution_verdict.h"

#include <csignal>

#include <gmock/gmock.h>

#include "harness/journal/worker_exit.h"

namespace timetrial {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

constexpr double kNow = 2000.5;

Progress shown() {
  return {7, 1.25, 1999, 0.5, TrialPhase::evaluation};
}

ExecutionVerdict verdict(const WorkerEnd& end, bool noted = false) {
  return verdict_of(end, {"the worker", "worker.log"}, shown(), noted, kNow);
}

OutcomeRecord outcome(const WorkerEnd& end) {
  const ExecutionVerdict found = verdict(end);
  EXPECT_TRUE(std::holds_alternative<OutcomeRecord>(found)) << found.index();
  return std::holds_alternative<OutcomeRecord>(found) ? std::get<OutcomeRecord>(found) : OutcomeRecord{};
}

WorkerEnd limited(LimitHit limit, int64_t used, int64_t allowed) {
  WorkerEnd end{0, SIGKILL, "", LaunchReport{}};
  end.report->limit = limit;
  end.report->used = used;
  end.report->allowed = allowed;
  end.report->peak_memory_bytes = int64_t{300} << 20;
  return end;
}

TEST(ExecutionVerdict, ASignalOfItsOwnFaultIsACrash) {
  for (const int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGTRAP}) {
    const OutcomeRecord record = outcome({0, signal, "", std::nullopt});
    EXPECT_EQ(record.outcome, Outcome::crashed);
    EXPECT_THAT(record.message, HasSubstr(describe_signal(signal)));
    EXPECT_EQ(record.step, 7);
    EXPECT_EQ(record.submission_seconds, 1.25);
    EXPECT_EQ(record.unix_seconds, kNow);
  }
}

TEST(ExecutionVerdict, ACrashOfTheEvaluatorIsNotTheSubmissions) {
  WorkerEnd end{0, SIGSEGV, "", LaunchReport{}};
  end.report->of_evaluator = true;
  EXPECT_EQ(outcome(end).outcome, Outcome::harness_error);
  EXPECT_THAT(outcome(end).message, HasSubstr("the evaluator was ended by SIGSEGV"));
}

TEST(ExecutionVerdict, AKillFromOutsideIsAnInterruption) {
  const ExecutionVerdict found = verdict({0, SIGKILL, "", std::nullopt});
  const auto* record = std::get_if<InterruptionRecord>(&found);
  ASSERT_NE(record, nullptr);
  EXPECT_EQ(record->kind, Interruption::killed);
  EXPECT_EQ(record->signal, SIGKILL);
  EXPECT_EQ(record->by, "");
  EXPECT_EQ(record->step, 7);
}

TEST(ExecutionVerdict, AKillWhileTheKernelRanOutOfMemorySaysSo) {
  WorkerEnd end{0, SIGKILL, "", LaunchReport{}};
  end.report->kernel_ran_out = true;
  const ExecutionVerdict found = verdict(end);
  const auto& record = std::get<InterruptionRecord>(found);
  EXPECT_THAT(record.by, HasSubstr("the kernel"));
  EXPECT_EQ(killed_outcome(record, 4).outcome, Outcome::out_of_memory);
}

TEST(ExecutionVerdict, LimitsAreOutcomesThatNamePhaseUseAndCure) {
  const OutcomeRecord memory = outcome(limited(LimitHit::memory, 0, int64_t{256} << 20));
  EXPECT_EQ(memory.outcome, Outcome::out_of_memory);
  EXPECT_EQ(memory.peak_memory_bytes, int64_t{300} << 20);
  EXPECT_THAT(memory.message, AllOf(HasSubstr("in the phase evaluation"), HasSubstr("its peak: 300 MiB"),
                                    HasSubstr("limit of 256 MiB"), HasSubstr("To cure it")));
  const OutcomeRecord processes = outcome(limited(LimitHit::processes, 65, 64));
  EXPECT_EQ(processes.outcome, Outcome::failed);
  EXPECT_THAT(processes.message, AllOf(HasSubstr("started processes: 65 ran"), HasSubstr("64 are allowed")));
  const OutcomeRecord disk = outcome(limited(LimitHit::disk, int64_t{70} << 20, int64_t{64} << 20));
  EXPECT_EQ(disk.outcome, Outcome::failed);
  EXPECT_THAT(disk.message, AllOf(HasSubstr("filled the disk"), HasSubstr("70 MiB"), HasSubstr("64 MiB")));
}

TEST(ExecutionVerdict, AnEndWithoutAWordIsTheSubmissionsExit) {
  for (const int code : {0, 1, 2, 3, kWorkerInternalError, kWorkerInterrupted, 255}) {
    const OutcomeRecord record = outcome({code, 0, "", std::nullopt});
    EXPECT_EQ(record.outcome, Outcome::crashed) << code;
    EXPECT_THAT(record.message,
                AllOf(HasSubstr("exit code " + std::to_string(code)), HasSubstr("called exit()")));
  }
}

TEST(ExecutionVerdict, AStopThatTheWorkerNotedIsAnInterruption) {
  const ExecutionVerdict found = verdict({kWorkerInterrupted, 0, "", std::nullopt}, /*noted=*/true);
  ASSERT_TRUE(std::holds_alternative<InterruptionRecord>(found));
  EXPECT_EQ(std::get<InterruptionRecord>(found).kind, Interruption::stopped);
}

TEST(ExecutionVerdict, TheHarnessOwnsItsErrors) {
  const ExecutionVerdict cured = verdict({kWorkerUserError, 0, "the disk is full", std::nullopt});
  ASSERT_TRUE(std::holds_alternative<Impossible>(cured));
  EXPECT_EQ(std::get<Impossible>(cured).message, "the disk is full");
  const OutcomeRecord ours = outcome({kWorkerInternalError, 0, "internal error: oops", std::nullopt});
  EXPECT_EQ(ours.outcome, Outcome::harness_error);
  EXPECT_THAT(ours.message, AllOf(HasSubstr("internal error: oops"), HasSubstr("worker.log")));
}

TEST(KilledOutcome, KeepsWhereTheTrialWas) {
  InterruptionRecord last;
  last.kind = Interruption::killed;
  last.message = "the worker was killed by SIGKILL (Killed)";
  last.step = 12;
  last.submission_seconds = 3.5;
  const OutcomeRecord record = killed_outcome(last, 4);
  EXPECT_EQ(record.outcome, Outcome::killed);
  EXPECT_EQ(record.step, 12);
  EXPECT_EQ(record.submission_seconds, 3.5);
  EXPECT_THAT(record.message, AllOf(HasSubstr("SIGKILL"), HasSubstr("4 times")));
}

}  // namespace
}  // namespace timetrial

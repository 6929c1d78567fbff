#include "harness/worker/trial_runner.h"

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <new>
#include <optional>
#include <thread>

#include <ATen/Parallel.h>
#include <c10/util/Exception.h>
#include <unistd.h>

#include "harness/distributed/process_group.h"
#include "harness/distributed/rank_place.h"
#include "harness/errors/user_error.h"
#include "harness/journal/sync_verdict.h"
#include "harness/journal/unix_seconds.h"
#include "harness/journal/worker_exit.h"
#include "harness/machine/machine.h"
#include "harness/worker/attempt_records.h"
#include "harness/worker/harness_overhead.h"
#include "harness/worker/host_allocator.h"
#include "harness/worker/kernel_cache.h"
#include "harness/worker/machine_watch.h"
#include "harness/worker/memory_phases.h"
#include "harness/worker/own_training.h"
#include "harness/worker/rank_failure.h"
#include "harness/worker/strict_calls.h"
#include "harness/worker/strict_trainer.h"
#include "harness/worker/submission_guard.h"
#include "harness/worker/timed_loop.h"
#include "harness/worker/trial_exhibit.h"
#include "workloads/fingerprint/fingerprint.h"
#include "workloads/held_back.h"

namespace timetrial {

namespace {

// How long a rank that lost the others waits for their word.
constexpr double kWordSeconds = 3;
// Longer than a call of the submission may hang, so that it is the hung rank that says so.
constexpr double kGroupPatienceSeconds = 60;

// A rank's part of what the spec grants to all of them.
TrialSpec spec_of_rank(TrialSpec spec, const RankPlace& place) {
  if (place.ranks == 1) return spec;
  if (place.one_machine) {
    const int64_t all = spec.threads > 0 ? spec.threads : std::max(1u, std::thread::hardware_concurrency());
    spec.threads = std::max<int64_t>(1, all / place.ranks);
    spec.host_cache_gib /= static_cast<double>(place.ranks);
  }
  if (spec.device == "cuda") spec.device += ":" + std::to_string(place.local_rank);
  return spec;
}

// Everything one attempt owns, in the order it comes to be. With an evaluator this process is the trainer
// alone: clock, evaluations and journal are the evaluator's.
class Attempt {
 public:
  Attempt(const std::filesystem::path& directory, IsolationLevel isolation, const StopRequest& stop,
          Peer* evaluator = nullptr, int memory = -1)
      : directory_(directory),
        own_directory_(evaluator == nullptr ? directory : directory / kScratchFolder),
        evaluator_(evaluator),
        memory_file_(memory),
        isolation_(isolation),
        stop_(stop),
        ledger_(steady_seconds()),
        trial_spec_(read_trial_spec(directory)),
        place_(rank_place(trial_spec_.ranks, process_environment())),
        records_(directory, /*holds=*/place_.rank == 0 && evaluator == nullptr),
        peer_journal_(evaluator == nullptr ? nullptr : std::make_unique<PeerJournal>(*evaluator)),
        journal_(peer_journal_ ? static_cast<JournalSink&>(*peer_journal_) : records_.journal()),
        spec_(spec_of_rank(trial_spec_, place_)) {}
  ~Attempt() { running_ = nullptr; }
  Attempt(const Attempt&) = delete;
  Attempt& operator=(const Attempt&) = delete;

  RunEnd run() {
    if (records_.history().finished) return RunEnd::recorded;
    require_unchanged_library(spec_);
    if (place_.rank == 0) progress_.emplace(directory_);
    if (const std::string reason = records_.hopeless(); !reason.empty()) {
      record(Outcome::crashed, reason);
      return RunEnd::recorded;
    }
    if (spec_.threads > 0) at::set_num_threads(static_cast<int>(spec_.threads));
    watchdog_.emplace(spec_.stall_limit_seconds, progress_ ? &*progress_ : nullptr,
                      [this](const char* call, double seconds) { end_hung_process(call, seconds); });
    try {
      const LoopEnd end = run_session();
      note_step_graphs();
      if (!end.outcome) {
        record_step_times();
        record_sync_audit();
        if (machine_) machine_->append_samples(journal_);
        journal_.append(memory_record());
        if (evaluator_ != nullptr) return RunEnd::recorded;
        journal_.append(interruption_by(stop_, session_->step(), loop_->clock().submission_seconds));
        return RunEnd::interrupted;
      }
      record(*end.outcome, end.message);
    } catch (const SubmissionError& error) {
      return fail(outcome_of_failure(error.what()), std::string("the submission failed in ") + error.what());
    } catch (const std::bad_alloc& error) {
      return fail(Outcome::out_of_memory, error.what());
    } catch (const RankLost& error) {
      return fail(Outcome::failed, error.what());
    } catch (const c10::Error& error) {  // outside of the submission's calls, as in an evaluation
      if (outcome_of_failure(error.what()) != Outcome::out_of_memory) throw;
      return fail(Outcome::out_of_memory, error.what());
    }
    return RunEnd::recorded;
  }

 private:
  // Of several ranks the one that fails first gives the reason; rank 0 records it. The others only notice
  // that a rank is gone, in whatever they are doing.
  RunEnd fail(Outcome outcome, const std::string& message) {
    if (group_ && group_->lost()) return end_without(group_->word(kWordSeconds));
    if (group_) group_->leave_word(to_text({place_.rank, outcome, message}));
    record(outcome, group_ ? RankFailure{place_.rank, outcome, message}.described() : message);
    return RunEnd::recorded;
  }

  RunEnd end_without(const std::optional<std::string>& word) {
    const std::optional<RankFailure> failure = word ? rank_failure_from(*word) : std::nullopt;
    if (!failure || place_.rank != 0) return RunEnd::rank_lost;
    record(failure->outcome, failure->described());
    return RunEnd::recorded;
  }

  LoopEnd run_session() {
    if (spec_.device != "cpu") kernel_cache_.emplace(spec_.kernel_cache, own_directory_);
    host_allocator_ = install_host_allocator(spec_);
    device_ = open_device(spec_.device);
    if (place_.ranks > 1) {
      group_.emplace(place_, directory_, device_->torch_device(),
                     spec_.stall_limit_seconds + kGroupPatienceSeconds);
      agreement_ = RankAgreement(*group_);
    }
    if (evaluator_ == nullptr) machine_.emplace(spec_, *device_);
    if (evaluator_ == nullptr) threads_.emplace();
    guard_.emplace(surroundings(), *watchdog_);
    try {
      open_submission_library(spec_.submission_library);
    } catch (const UserError& error) {  // a refused library is the submission's outcome
      throw SubmissionError("loading", error.what());
    }
    // Before the trial has its own model: only one is held at a time.
    if (machine_) {
      const ThreadWatch::HarnessWork work(*threads_);
      fingerprint_ = fingerprint_hash(spec_.workload, workload_options(spec_, *device_));
      machine_->time_before();
    }
    if (host_allocator_ != nullptr) host_allocator_->cache().release_free();
    meter_.emplace(*device_, host_allocator_);
    memory_.emplace(*meter_);
    if (group_) installed_ranks_.emplace(*group_);
    session_.emplace(spec_, *device_, *guard_, group_ ? &*group_ : nullptr,
                     /*training_only=*/evaluator_ != nullptr);
    guard_->check("initialize");
    notice_exit();

    if (evaluator_ != nullptr) return train_for_evaluator();
    const std::optional<CheckpointRecord> found = records_.find_checkpoint();
    train_until(stop_.asked);
    loop_.emplace(TimedLoop::Parts{directory_, spec_, *training_, *watchdog_, ledger_, journal_},
                  records_.evaluations_until(found ? found->step : -1));
    if (found) loop_->resume(*found);
    watchdog_->report(session_->step(), loop_->clock().submission_seconds);
    first_step_ = session_->step();
    record_start(found);
    guard_->adopt();
    return loop_->run();
  }

  void train_until(const std::atomic<bool>& stop) {
    training_.emplace(OwnTraining::Parts{directory_, spec_, *device_, *session_, *watchdog_,
                                         threads_ ? &*threads_ : nullptr, *guard_, ledger_, *memory_,
                                         agreement_, stop});
  }

  LoopEnd train_for_evaluator() {
    shared_.emplace(SharedTensors::open(memory_file_, session_->tensors()));
    train_until(shared_->stop_flag());
    StartRecord start;  // what only this process knows of it
    if (kernel_cache_) start.provenance.merge(kernel_cache_->describe());
    start.timer_overhead_seconds = measure_timer_overhead(*device_, spec_.clock);
    journal_.append(start);
    guard_->adopt();
    serve_training(*evaluator_, *shared_, *training_, *session_, *watchdog_, spec_, directory_);
    return {};
  }

  SubmissionGuard::Surroundings surroundings() const {
    const bool alone_below_parent = isolation_ != IsolationLevel::none;
    // The evaluator writes to the directory meanwhile, and what is held back is out of reach.
    if (evaluator_ != nullptr) return {{}, {}, alone_below_parent};
    return {place_.rank == 0 ? directory_ : std::filesystem::path(), held_back_files(), alone_below_parent};
  }

  void record_start(const std::optional<CheckpointRecord>& found) {
    StartRecord start = records_.start(found, *device_);
    start.data_set_id = session_->data_set_id();
    if (kernel_cache_) start.provenance.merge(kernel_cache_->describe());
    if (place_.ranks > 1) start.machine["ranks"] = std::to_string(place_.ranks);
    start.fingerprint = fingerprint_;
    start.isolation = to_string(isolation_);
    start.timer_overhead_seconds = measure_timer_overhead(*device_, spec_.clock);
    journal_.append(start);
    machine_->append_start(journal_, session_->step());
    records_.foresee_disk(session_->parameters(), session_->step());
    records_.append_warnings(session_->step());
    std::clog << "attempt " << start.attempt << (found ? ": resumed" : ": started") << " from step "
              << session_->step() << ", timer overhead " << 1e6 * start.timer_overhead_seconds << " us/step"
              << std::endl;
  }

  std::vector<std::filesystem::path> held_back_files() const {
    return held_back_of_data_set(spec_.workload, spec_.tier, spec_.data_directory);
  }

  void note_step_graphs() {
    const StepGraphs* graphs = session_->step_graphs();
    if (graphs == nullptr) return;
    std::clog << "updates recorded for " << graphs->recordings() << " shapes of batch" << std::endl;
    if (!graphs->problem().empty()) journal_.append(WarningRecord{session_->step(), graphs->problem()});
  }

  MemoryRecord memory_record() const {
    MemoryRecord record = memory_->record();
    record.host_allocator =
        to_string(host_allocator_ != nullptr ? HostAllocator::caching : HostAllocator::system);
    record.huge_pages = grants_huge_pages();
    return record;
  }

  // And tells `end` of it; nothing where an attempt ended before it was looked at.
  void append_memory(OutcomeRecord& end) {
    if (!memory_) return;
    const MemoryRecord memory = memory_record();
    end.peak_memory_bytes = peak_resident_bytes(memory);
    end.peak_device_memory_bytes = memory.device_reserved_bytes;
    if (end.outcome == Outcome::out_of_memory)
      end.message = "out of memory " + describe_peak(memory, memory_->phase()) + ": " + end.message;
    journal_.append(memory);
  }

  OutcomeRecord outcome_record(Outcome outcome, const std::string& message) const {
    OutcomeRecord record;
    record.outcome = outcome;
    record.message = message;
    record.step = watchdog_ ? watchdog_->step() : 0;
    record.submission_seconds = watchdog_ ? watchdog_->submission_seconds() : 0;
    record.unix_seconds = unix_seconds();
    record.peak_memory_bytes = peak_resident_bytes();
    return record;
  }

  // An attempt that ended before its first sampled step has nothing to tell; one that hangs cannot.
  void record_step_times() {
    if (session_ && session_->step_times().record().sampled_steps > 0)
      journal_.append(session_->step_times().record());
  }

  // A crash, and a call that hangs, leaves none.
  void record_sync_audit() {
    if (!session_ || session_->sync_audit() == nullptr) return;
    const SyncAudit& audit = *session_->sync_audit();
    const SyncAuditRecord found{session_->step() - first_step_, audit.method(), audit.places()};
    journal_.append(found);
    std::clog << sync_audit_text(found) << std::flush;
  }

  void record(Outcome outcome, const std::string& message) {
    ledger_.enter(Phase::logging, steady_seconds());
    record_step_times();
    record_sync_audit();
    OutcomeRecord end = outcome_record(outcome, message);
    if (session_ && outcome != Outcome::out_of_memory) end.parameters_hash = session_->parameters_hash();
    if (session_) end.step = session_->step();
    if (loop_) end.submission_seconds = loop_->clock().submission_seconds;
    end.clock = clock_parts(ledger_, session_ ? session_->data_wait_seconds() : 0);
    if (machine_) machine_->append_samples(journal_);
    append_memory(end);
    // What failed may have left a device that does nothing any more.
    if (machine_ && loop_ && outcome != Outcome::failed && outcome != Outcome::out_of_memory)
      machine_->append_after(journal_, session_->step());
    // After all that is measured of the trial, its parameters and memory included.
    if (session_ && place_.rank == 0 && is_exhibited(outcome))
      append_exhibit(journal_, session_->workload(), end.step);
    append_end(journal_, end);
  }

  // Runs on the watchdog's thread while the main thread hangs in the submission. The journal is safe to use:
  // its lock is never held while the submission runs.
  void end_hung_process(const char* call, double seconds) {
    std::string message =
        std::string("the submission's ") + call + "() did not return for " +
        std::to_string(static_cast<int>(seconds)) + " s (stall limit " +
        std::to_string(static_cast<int>(spec_.stall_limit_seconds)) +
        " s). To cure it: look for an endless loop or a deadlock there; the limit is a field of "
        "the benchmark table";
    if (group_) message = hung_rank(message).described();
    record_and_exit(outcome_record(Outcome::hung, message));
  }

  // Where nothing can be freed any more: another thread is anywhere, or the process ends already.
  [[noreturn]] void record_and_exit(OutcomeRecord end) {
    try {
      append_memory(end);
      append_end(journal_, end);
    } catch (const std::exception& error) {
      std::clog << "the end of the trial could not be recorded: " << error.what() << std::endl;
      ::_exit(kWorkerInternalError);
    }
    ::_exit(kWorkerDone);
  }

  // Which rank hangs: the others hang with it, waiting for its share of a sum.
  RankFailure hung_rank(const std::string& message) {
    const RankFailure own{place_.rank, Outcome::hung, message};
    if (!group_->waiting()) {
      group_->leave_word(to_text(own));
      return own;
    }
    const std::optional<std::string> word = group_->word(kWordSeconds);
    return word ? rank_failure_from(*word).value_or(own) : own;
  }

  // Handlers run in reverse order: this one is registered late, to come before those of the libraries. An
  // earlier exit is told by timetrial.
  void notice_exit() {
    running_ = this;
    static const int registered = std::atexit([] {
      if (running_ != nullptr) running_->end_exiting_process();
    });
    if (registered != 0) running_ = nullptr;
  }

  // The submission called exit(), and this is the first handler that runs.
  void end_exiting_process() {
    running_ = nullptr;
    const char* call = watchdog_ ? watchdog_->current_call() : nullptr;
    OutcomeRecord end = outcome_record(
        Outcome::crashed, std::string("the submission called exit()") + (call != nullptr ? " in " : "") +
                              (call != nullptr ? call : "") +
                              ". To cure it: throw an exception instead, whose message becomes the outcome");
    if (group_) group_->leave_word(to_text({place_.rank, end.outcome, end.message}));
    record_and_exit(std::move(end));
  }

  static inline Attempt* running_ = nullptr;  // for the handler of exit()

  const std::filesystem::path& directory_;
  std::filesystem::path own_directory_;  // that this process may write to
  Peer* evaluator_;                      // null: there is none
  int memory_file_;                      // shared with it
  IsolationLevel isolation_;
  const StopRequest& stop_;
  PhaseLedger ledger_;
  TrialSpec trial_spec_;  // of all ranks together
  RankPlace place_;
  AttemptRecords records_;
  std::unique_ptr<PeerJournal> peer_journal_;
  JournalSink& journal_;
  TrialSpec spec_;
  std::optional<ProgressWriter> progress_;
  std::optional<KernelCache> kernel_cache_;
  CachingAllocator* host_allocator_ = nullptr;  // lives as long as the process
  std::unique_ptr<Device> device_;
  std::optional<ProcessGroup> group_;  // with several ranks
  RankAgreement agreement_;
  std::optional<InstalledRanks> installed_ranks_;
  std::optional<MachineWatch> machine_;
  std::optional<ProcessMemory> meter_;
  std::optional<MemoryPhases> memory_;
  std::optional<Watchdog> watchdog_;
  std::optional<ThreadWatch> threads_;
  std::optional<SubmissionGuard> guard_;
  std::string fingerprint_;
  int64_t first_step_ = 0;  // of this attempt
  std::optional<TrainingSession> session_;
  std::optional<SharedTensors> shared_;
  std::optional<OwnTraining> training_;
  std::optional<TimedLoop> loop_;
};

}  // namespace

RunEnd run_trial(const std::filesystem::path& trial_directory, IsolationLevel isolation,
                 const StopRequest& stop) {
  return Attempt(trial_directory, isolation, stop).run();
}

RunEnd train_for_evaluator(const std::filesystem::path& trial_directory, int peer, int memory,
                           const StopRequest& stop) {
  Peer evaluator(peer);
  await_start(evaluator);
  try {
    return Attempt(trial_directory, IsolationLevel::strict, stop, &evaluator, memory).run();
  } catch (const PeerGone&) {
    throw;
  } catch (const UserError& error) {
    tell_problem(evaluator, error.what(), /*of_harness=*/false);
  } catch (const std::exception& error) {
    tell_problem(evaluator, error.what(), /*of_harness=*/true);
  }
  return RunEnd::recorded;
}

}  // namespace timetrial

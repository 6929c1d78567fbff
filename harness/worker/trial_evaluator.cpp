#include "harness/worker/trial_evaluator.h"

#include <algorithm>
#include <iostream>
#include <new>

#include <ATen/Parallel.h>
#include <c10/util/Exception.h>
#include <unistd.h>

#include "harness/errors/user_error.h"
#include "harness/journal/kernel_cache_facts.h"
#include "harness/journal/unix_seconds.h"
#include "harness/worker/attempt_records.h"
#include "harness/worker/evaluated_model.h"
#include "harness/worker/machine_watch.h"
#include "harness/worker/memory_phases.h"
#include "harness/worker/remote_training.h"
#include "harness/worker/seeds.h"
#include "harness/worker/submission_library.h"
#include "harness/worker/timed_loop.h"
#include "harness/worker/training_session.h"
#include "harness/worker/trial_exhibit.h"
#include "workloads/fingerprint/fingerprint.h"

namespace timetrial {

namespace {

class Evaluator {
 public:
  Evaluator(const std::filesystem::path& directory, int peer, int memory, const StopRequest& stop)
      : directory_(directory),
        memory_(memory),
        stop_(stop),
        ledger_(steady_seconds()),
        spec_(read_trial_spec(directory)),
        records_(directory, /*holds=*/true),
        trainer_(peer),
        watchdog_(spec_.stall_limit_seconds, nullptr, [](const char*, double) {}) {}

  RunEnd run() {
    if (records_.history().finished) return RunEnd::recorded;
    require_unchanged_library(spec_);
    if (const std::string reason = records_.hopeless(); !reason.empty()) {
      record(Outcome::crashed, reason);
      return RunEnd::recorded;
    }
    if (spec_.threads > 0) at::set_num_threads(static_cast<int>(spec_.threads));
    try {
      const LoopEnd end = run_loop();
      training_->end();
      if (!end.outcome) {
        machine_->append_samples(records_.journal());
        records_.journal().append(
            interruption_by(stop_, training_->step(), loop_->clock().submission_seconds));
        return RunEnd::interrupted;
      }
      record(*end.outcome, end.message);
    } catch (const SubmissionError& error) {
      record(outcome_of_failure(error.what()), std::string("the submission failed in ") + error.what());
    } catch (const TrainerFailed& failed) {
      record_failure(failed.outcome);
    } catch (const std::bad_alloc& error) {
      record(Outcome::out_of_memory, std::string("in the evaluation: ") + error.what());
    } catch (const c10::Error& error) {
      if (outcome_of_failure(error.what()) != Outcome::out_of_memory) throw;
      record(Outcome::out_of_memory, std::string("in the evaluation: ") + error.what());
    }
    return RunEnd::recorded;
  }

 private:
  LoopEnd run_loop() {
    device_ = open_device(spec_.device);
    machine_.emplace(spec_, *device_);
    const WorkloadOptions options = workload_options(spec_, *device_);
    const std::string fingerprint = fingerprint_hash(spec_.workload, options);
    machine_->time_before();
    workload_ = make_workload(spec_.workload, options);
    workload_->build_model(derive_seeds(spec_.seed).model);
    shared_.emplace(SharedTensors::make(memory_, tensors_of_model(*workload_)));
    training_.emplace(RemoteTraining::Parts{directory_, spec_, trainer_, *shared_, *workload_, ledger_,
                                            records_.journal(), stop_, ::getppid()});
    const StartRecord of_trainer = training_->start();
    const std::optional<CheckpointRecord> found = records_.find_checkpoint();
    loop_.emplace(TimedLoop::Parts{directory_, spec_, *training_, watchdog_, ledger_, records_.journal()},
                  records_.evaluations_until(found ? found->step : -1));
    if (found) loop_->resume(*found);
    record_start(found, fingerprint, of_trainer);
    return loop_->run();
  }

  void record_start(const std::optional<CheckpointRecord>& found, const std::string& fingerprint,
                    const StartRecord& of_trainer) {
    StartRecord start = records_.start(found, *device_);
    start.data_set_id = workload_->data_set_id();
    for (const char* fact : {kKernelCache, kKernelCacheFiles}) {
      const auto found_fact = of_trainer.provenance.find(fact);
      if (found_fact != of_trainer.provenance.end()) start.provenance.insert(*found_fact);
    }
    start.fingerprint = fingerprint;
    start.isolation = to_string(IsolationLevel::strict);
    start.timer_overhead_seconds = of_trainer.timer_overhead_seconds;
    records_.journal().append(start);
    const int64_t step = training_->step();
    machine_->append_start(records_.journal(), step);
    records_.foresee_disk(workload_->parameters(), step);
    records_.append_warnings(step);
    std::clog << "attempt " << start.attempt << (found ? ": resumed" : ": started") << " from step " << step
              << ", with an evaluator" << std::endl;
  }

  // The trainer's word counts for what only it can know: that it failed, and why.
  void record_failure(const OutcomeRecord& told) {
    if (!is_trouble(told.outcome) || may_be_resumed(told.outcome))
      return record(Outcome::failed, "the submission's process claimed the outcome " +
                                         to_string(told.outcome) + ", which is not its to give");
    record(told.outcome, told.message, &told);
  }

  void record(Outcome outcome, const std::string& message, const OutcomeRecord* told = nullptr) {
    ledger_.enter(Phase::logging, steady_seconds());
    OutcomeRecord end;
    end.outcome = outcome;
    end.message = message;
    end.unix_seconds = unix_seconds();
    end.step = training_ ? training_->step() : 0;
    end.submission_seconds = loop_ ? loop_->clock().submission_seconds : 0;
    if (told != nullptr) {
      end.step = std::max(end.step, told->step);
      end.submission_seconds = std::max(end.submission_seconds, told->submission_seconds);
      end.peak_memory_bytes = told->peak_memory_bytes;
      end.peak_device_memory_bytes = told->peak_device_memory_bytes;
    }
    if (training_ && training_->memory()) {
      end.peak_memory_bytes = peak_resident_bytes(*training_->memory());
      end.peak_device_memory_bytes = training_->memory()->device_reserved_bytes;
    }
    if (workload_ && outcome != Outcome::out_of_memory)
      end.parameters_hash = hash_of_parameters(workload_->parameters());
    end.clock = clock_parts(ledger_, training_ ? training_->data_wait_seconds() : 0);
    if (machine_) machine_->append_samples(records_.journal());
    if (loop_ && outcome != Outcome::failed && outcome != Outcome::out_of_memory)
      machine_->append_after(records_.journal(), end.step);
    // After all that is measured of the trial.
    if (workload_ && is_exhibited(outcome)) append_exhibit(records_.journal(), *workload_, end.step);
    append_end(records_.journal(), end);
  }

  const std::filesystem::path& directory_;
  int memory_;
  const StopRequest& stop_;
  PhaseLedger ledger_;
  TrialSpec spec_;
  AttemptRecords records_;
  Peer trainer_;
  Watchdog watchdog_;
  std::unique_ptr<Device> device_;
  std::optional<MachineWatch> machine_;
  std::unique_ptr<Workload> workload_;
  std::optional<SharedTensors> shared_;
  std::optional<RemoteTraining> training_;
  std::optional<TimedLoop> loop_;
};

}  // namespace

RunEnd run_trial_with_trainer(const std::filesystem::path& trial_directory, int peer, int memory,
                              const StopRequest& stop) {
  return Evaluator(trial_directory, peer, memory, stop).run();
}

}  // namespace timetrial

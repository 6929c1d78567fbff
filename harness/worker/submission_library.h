#pragma once

// A submission's shared library: opened, checked against our API and LibTorch versions, and called through
// its table. The library is never closed: threads it started may outlive the trial.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include "timetrial/boundary.h"

namespace timetrial {

// The submission threw, or broke the contract. `call` is the hook, `what()` the text for people.
class SubmissionError : public std::runtime_error {
 public:
  SubmissionError(std::string call, const std::string& message)
      : std::runtime_error(call + ": " + message), call_(std::move(call)) {}
  const std::string& call() const { return call_; }

 private:
  std::string call_;
};

// Is told of every call before and after, so that a hanging one can be noticed. The loop's hot path: no
// clock, no lock.
class CallObserver {
 public:
  virtual ~CallObserver() = default;
  virtual void entered(const char* call) noexcept = 0;
  virtual void left() noexcept = 0;
};

// Opens the library and finds its table. Throws UserError with the reason and the cure when it is not a
// submission, or was built against another API or LibTorch version.
const SubmissionTable& open_submission_library(const std::filesystem::path& library);

// One instance of the submission. All calls turn a failure into SubmissionError.
class LoadedSubmission {
 public:
  LoadedSubmission(const SubmissionTable& table, CallObserver& observer);
  ~LoadedSubmission();
  LoadedSubmission(const LoadedSubmission&) = delete;
  LoadedSubmission& operator=(const LoadedSubmission&) = delete;

  int64_t batch_size(const WorkloadSummary& workload);
  void initialize(const Initialization& initialization);
  void select_batch(TrainingQueue& queue, Batch& batch);
  void update(Step& step);
  bool capturable();
  void prepare_for_eval(Model& model, TrainingQueue& queue);
  void resume_training();
  void save(State& state);
  void load(const State& state);

 private:
  template <typename Call>
  void guard(const char* name, Call&& call);

  const SubmissionTable& table_;
  CallObserver& observer_;
  Submission* submission_ = nullptr;
  CallResult result_;
};

}  // namespace timetrial

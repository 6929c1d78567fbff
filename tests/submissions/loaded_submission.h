#pragma once

// A submission loaded from its library as the worker does it: dlopen, the entry symbol, the table. Failures
// reported through CallResult are thrown as std::runtime_error with the message.

#include <map>
#include <string>

#include "golden_problem.h"
#include "timetrial/submission.h"

namespace timetrial {

using Point = std::map<std::string, Hyperparameters::Value>;

class LoadedSubmission {
 public:
  // library: name without ".so", in the build's folder of submissions.
  LoadedSubmission(const std::string& library, const Point& point, const ParameterList& parameters,
                   int64_t step_hint);
  ~LoadedSubmission();
  LoadedSubmission(const LoadedSubmission&) = delete;
  LoadedSubmission& operator=(const LoadedSubmission&) = delete;

  void update(Step& step);
  State save() const;
  void load(const State& state);
  const Hyperparameters& hyperparameters() const { return hyperparameters_; }

 private:
  const SubmissionTable* table_ = nullptr;
  Submission* submission_ = nullptr;
  Hyperparameters hyperparameters_;
};

// Trains from step `begin` (0-based) up to, not including, `end`.
void train(LoadedSubmission& submission, GoldenProblem& problem, int64_t begin, int64_t end);

// A step hint so long that 50 steps of any schedule without warm-up use its peak, to the last bit but a few.
inline constexpr int64_t kEndless = int64_t{1} << 50;

}  // namespace timetrial

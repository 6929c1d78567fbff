#include "harness/worker/submission_guard.h"

#include <array>
#include <string_view>

#include "harness/device/device.h"
#include "harness/guard/clock_check.h"
#include "harness/guard/thread_reads.h"

namespace timetrial {

namespace {

constexpr std::array<std::string_view, 4> kTimedCalls = {"update", "select_batch", "prepare_for_eval",
                                                         "resume_training"};

// Libraries that are loaded late read less, and the counting itself less still.
constexpr int64_t kBytesOfAReader = 4096;

bool is_timed(std::string_view call) {
  for (const std::string_view timed : kTimedCalls) {
    if (call == timed) return true;
  }
  return false;
}

}  // namespace

SubmissionGuard::SubmissionGuard(Surroundings surroundings, CallObserver& next)
    : surroundings_(std::move(surroundings)), next_(next), opens_(surroundings_.held_back) {
  adopt();
  adopt_files();
}

FileStamps SubmissionGuard::own_files() const {
  if (surroundings_.trial_directory.empty()) return {};
  return stamps_of(
      {surroundings_.trial_directory / "trial.json", surroundings_.trial_directory / "checkpoints"});
}

void SubmissionGuard::adopt() {
  state_ = read_process_state(surroundings_.alone_below_parent);
}

void SubmissionGuard::begin_calls() {
  opens_.opened();
  read_before_ = bytes_read_by_this_thread();
}

void SubmissionGuard::end_calls() {
  const bool has_read = bytes_read_by_this_thread() - read_before_ >= kBytesOfAReader;
  const std::vector<std::string> files = opens_.opened();
  if (has_read && !files.empty()) held_back_ = files.front();
}

void SubmissionGuard::adopt_files() {
  files_ = own_files();
}

void SubmissionGuard::entered(const char* call) noexcept {
  off_the_clock_ = !is_timed(call);
  if (off_the_clock_) begin_calls();
  next_.entered(call);
}

void SubmissionGuard::left() noexcept {
  next_.left();
  if (off_the_clock_) end_calls();
}

void SubmissionGuard::check(const std::string& call) {
  if (const auto fault = clock_fault(steady_seconds)) throw SubmissionError(call, *fault);
  if (const auto change = forbidden_change(state_, read_process_state(surroundings_.alone_below_parent)))
    throw SubmissionError(call, *change);
  if (const auto change = changed_file(files_, own_files()))
    throw SubmissionError(call, "it wrote to the files of the trial: " + *change +
                                    ". To cure it: keep state in save() and load(), and write no files");
  if (!held_back_.empty())
    throw SubmissionError(call, "it read examples that are held back for validation and test: " + held_back_ +
                                    ". To cure it: train on what select_batch gives");
}

}  // namespace timetrial

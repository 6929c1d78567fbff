#include "harness/cli/progress_display.h"

#include <cmath>
#include <cstdio>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "harness/journal/progress.h"
#include "results/tables/sweep_progress.h"

namespace timetrial {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

std::string label(const TrialSpec& spec) {
  return fmt::format("{} on {}, study {} trial {}", spec.submission, full_workload_name(spec), spec.study,
                     spec.trial);
}

std::string key_of(const TrialSpec& spec) {
  return trial_path(spec).string();
}

size_t terminal_width() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

ProgressDisplay::ProgressDisplay(const std::vector<TrialSpec>& specs, int64_t jobs)
    : terminal_(::isatty(STDOUT_FILENO) == 1), jobs_(jobs), total_(static_cast<int64_t>(specs.size())) {
  for (const TrialSpec& spec : specs) budget_total_ += spec.budget_seconds;
}

ProgressDisplay::~ProgressDisplay() {
  clear_status();
}

void ProgressDisplay::trial_started(const TrialSpec& spec, const std::filesystem::path& /*directory*/) {
  started_[key_of(spec)] = Clock::now();
  if (!terminal_) print_line(fmt::format("{} {}: started", counter(), label(spec)));
}

void ProgressDisplay::trial_ended(const TrialSpec& spec, const OutcomeRecord& outcome, bool finished_before) {
  ++ended_;
  if (finished_before) {
    budget_skipped_ += spec.budget_seconds;
  } else {
    budget_ended_ += spec.budget_seconds;
    wall_of_ended_ += seconds_since(started_[key_of(spec)]);
    started_.erase(key_of(spec));
  }
  print_line(fmt::format("{} {}: {} after {} steps, {:.2f} s on the clock{} - {}", counter(), label(spec),
                         to_string(outcome.outcome), outcome.step, outcome.submission_seconds,
                         finished_before ? " (finished earlier)" : "", outcome.message));
}

void ProgressDisplay::trial_killed(const TrialSpec& spec, const std::string& message) {
  print_line(fmt::format("{} {}: {}; resuming it from its last checkpoint", counter(), label(spec), message));
}

void ProgressDisplay::harness_measured(const NullMeasurement& measurement) {
  const auto microseconds = [&](const char* name) { return 1e6 * measurement.seconds.at(name); };
  print_line(fmt::format(
      "The harness itself: {:.2g} µs a step ({:.2g} µs with --clock per-step), {:.1f} s a worker's start "
      "(timetrial list null-measurements)",
      microseconds("step"), microseconds("step_synchronised"), measurement.seconds.at("worker")));
}

void ProgressDisplay::harness_not_measured(const std::string& message) {
  print_line("warning: " + message);
}

void ProgressDisplay::disk_may_not_do(const std::string& message) {
  print_line("warning: " + message);
}

void ProgressDisplay::tick(const std::vector<const TrialExecution*>& running) {
  if (!terminal_ || running.empty()) return;
  const TrialExecution& first = *running.front();
  const TrialSpec& spec = first.spec();
  std::string status = fmt::format("{} {}", counter(), label(spec));
  double left = spec.budget_seconds;
  if (const std::optional<Progress> progress = read_progress(first.directory());
      progress && progress->step > 0) {
    left = std::max(0.0, spec.budget_seconds - progress->submission_seconds);
    const double rate = progress->submission_seconds > 0
                            ? static_cast<double>(progress->step) / progress->submission_seconds
                            : 0.0;
    status += fmt::format(": step {}, {:.0f}/s, {:.1f} of {:.0f} s", progress->step, rate,
                          progress->submission_seconds, spec.budget_seconds);
    if (!std::isnan(progress->best_metric)) {
      status += fmt::format(", {} {:.4f} (target {})", spec.target.metric, progress->best_metric,
                            spec.target.validation);
    }
  } else {
    status += ": starting";
  }
  if (running.size() > 1) status += fmt::format(" (+{} more)", running.size() - 1);
  status += eta(left);
  if (status.size() >= terminal_width()) status.resize(terminal_width() - 1);
  std::fputs(("\r\x1b[K" + status).c_str(), stdout);
  std::fflush(stdout);
}

std::string ProgressDisplay::eta(double running_seconds_left) const {
  const double waiting = budget_total_ - budget_ended_ - budget_skipped_;  // includes what runs
  // Until a trial has ended, a budget is taken to be used up; then trials take what the ended ones took of
  // theirs.
  const double share = budget_ended_ > 0 ? wall_of_ended_ / budget_ended_ : 1.0;
  const double seconds = std::max(0.0, waiting * share / static_cast<double>(jobs_));
  return fmt::format(", at most {} for this trial, ETA {}", duration_text(running_seconds_left),
                     duration_text(seconds));
}

std::string ProgressDisplay::counter() const {
  return fmt::format("[{}/{}]", ended_, total_);
}

void ProgressDisplay::clear_status() {
  if (!terminal_) return;
  std::fputs("\r\x1b[K", stdout);
  std::fflush(stdout);
}

void ProgressDisplay::print_line(const std::string& line) {
  clear_status();
  std::puts(line.c_str());
  std::fflush(stdout);
}

}  // namespace timetrial

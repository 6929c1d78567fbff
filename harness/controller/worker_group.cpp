#include "harness/controller/worker_group.h"

#include <algorithm>

#include <unistd.h>

#include "harness/journal/worker_exit.h"

namespace timetrial {
namespace {

// Long enough for rank 0 to hear what happened and to record it.
constexpr auto kPatience = std::chrono::seconds(20);

// The smaller, the nearer to the cause.
int distance_from_cause(const WorkerEnd& end) {
  if (end.report && end.report->limit != LimitHit::none) return 0;
  if (end.signal != 0) return is_crash(end.signal) ? 0 : 2;
  switch (end.exit_code) {
    case kWorkerDone:
      return 4;
    case kWorkerInterrupted:
      return 3;
    case kWorkerRankLost:
      return 5;
    default:
      return 1;
  }
}

// Tells this start of all ranks from any other, on any machine that shares the folder.
std::string name_of_launch() {
  return std::to_string(::getpid()) + "-" +
         std::to_string(std::chrono::system_clock::now().time_since_epoch().count());
}

}  // namespace

RankEnd decisive_end(const std::vector<WorkerEnd>& ends) {
  const auto nearest = std::min_element(ends.begin(), ends.end(), [](const WorkerEnd& a, const WorkerEnd& b) {
    return distance_from_cause(a) < distance_from_cause(b);
  });
  return {nearest - ends.begin(), *nearest};
}

WorkerGroup::WorkerGroup(const std::filesystem::path& trial_directory, int64_t ranks,
                         const std::vector<std::string>& more_arguments, const LaunchPolicy* policy) {
  const std::string launch = name_of_launch();
  LaunchPolicy sharing;
  if (ranks > 1 && policy != nullptr && policy->level >= IsolationLevel::sandbox) {
    shared_.emplace(SharedNamespaces::make());
    sharing = *policy;
    sharing.namespaces = shared_->descriptors();
    sharing.view.shared_memory = shared_->memory_folder();
    policy = &sharing;
  }
  for (int64_t rank = 0; rank < ranks; ++rank) {
    std::optional<WorkerRank> place;
    if (ranks > 1) place = WorkerRank{rank, ranks, launch};
    members_.push_back(
        {WorkerProcess("run", trial_directory, /*show_output=*/false, more_arguments, place, policy),
         {},
         false});
  }
}

std::optional<RankEnd> WorkerGroup::poll() {
  std::vector<WorkerEnd> ends;
  for (Member& member : members_) {
    if (!member.end) member.end = member.process.poll();
    if (!member.end) continue;
    // Killed for want of another rank: what it died of says nothing.
    ends.push_back(member.killed_here ? WorkerEnd{kWorkerRankLost, 0, "", std::nullopt} : *member.end);
  }
  if (ends.size() == members_.size()) return decisive_end(ends);
  if (!failed_since_ && someone_failed()) failed_since_ = std::chrono::steady_clock::now();
  if (failed_since_ && std::chrono::steady_clock::now() - *failed_since_ > kPatience) kill_those_left();
  return std::nullopt;
}

void WorkerGroup::request_stop() {
  for (Member& member : members_) {
    if (!member.end) member.process.request_stop();
  }
}

void WorkerGroup::add_end_descriptors(std::vector<int>& descriptors) const {
  for (const Member& member : members_) {
    if (!member.end) descriptors.push_back(member.process.end_descriptor());
  }
}

bool WorkerGroup::someone_failed() const {
  return std::any_of(members_.begin(), members_.end(), [](const Member& member) {
    return member.end && (member.end->signal != 0 || (member.end->exit_code != kWorkerDone &&
                                                      member.end->exit_code != kWorkerInterrupted));
  });
}

void WorkerGroup::kill_those_left() {
  for (Member& member : members_) {
    if (member.end || member.killed_here) continue;
    member.killed_here = true;
    member.process.kill();
  }
}

}  // namespace timetrial

#include "harness/waits/wait_places.h"

#include <algorithm>

#include "harness/waits/stack_text.h"

namespace timetrial {

void WaitPlaces::add(const std::string& hook, const std::string& operation, CallStack stack, double seconds) {
  const std::lock_guard<std::mutex> guard(mutex_);
  Place place(hook, operation, std::move(stack));
  auto found = waits_.find(place);
  if (found == waits_.end()) {
    if (waits_.size() >= kMostPlaces) std::get<CallStack>(place).clear();
    found = waits_.try_emplace(std::move(place)).first;
  }
  ++found->second.count;
  found->second.seconds += seconds;
}

std::vector<SyncPlace> WaitPlaces::list() const {
  std::map<Place, Waits> waits;
  {
    const std::lock_guard<std::mutex> guard(mutex_);
    waits = waits_;
  }
  FrameFinder finder;
  // Two stacks that differ only in what is not shown are one place.
  std::map<std::tuple<std::string, std::string, std::string>, Waits> by_text;
  for (const auto& [place, found] : waits) {
    const auto& [hook, operation, stack] = place;
    const std::string text = stack.empty() ? "(elsewhere: only the stacks of the first " +
                                                 std::to_string(kMostPlaces) + " places are kept)"
                                           : stack_text(finder.frames_of(stack));
    Waits& sum = by_text[{hook, operation, text}];
    sum.count += found.count;
    sum.seconds += found.seconds;
  }
  std::vector<SyncPlace> places;
  for (const auto& [place, found] : by_text) {
    const auto& [hook, operation, text] = place;
    places.push_back({hook, operation, text, found.count, found.seconds});
  }
  std::stable_sort(places.begin(), places.end(),
                   [](const SyncPlace& left, const SyncPlace& right) { return left.count > right.count; });
  return places;
}

}  // namespace timetrial

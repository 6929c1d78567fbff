#include "coverage_scenarios.h"

namespace timetrial {

std::vector<Scenario> main_scenarios() {
  return {
      {.name = "5 studies, spreads differ"},
      {.name = "3 studies, spreads differ", .studies = 3},
      {.name = "2 studies, spreads differ", .studies = 2},
      {.name = "5 studies, one spread", .studies = 5, .spread_degrees = 0},
      {.name = "3 studies, one spread", .studies = 3, .spread_degrees = 0},
      {.name = "2 studies, one spread", .studies = 2, .spread_degrees = 0},
      {.name = "3 studies, fastest of 5 trials", .studies = 3, .trials = 5, .spread = 0.12},
      {.name = "5 studies, skewed times", .tail = Tail::gumbel},
      {.name = "5 studies, random misses", .misses = Misses::random},
      {.name = "5 studies, budget misses", .misses = Misses::budget},
      {.name = "3 studies, budget misses", .studies = 3, .misses = Misses::budget},
  };
}

std::vector<Scenario> hard_scenarios() {
  return {
      {.name = "5 studies, heavy tails (t, 4 degrees)", .tail = Tail::student_4},
      {.name = "11 x 14, spreads differ wildly", .submissions = 11, .workloads = 14, .spread_degrees = 2},
      {.name = "3 studies, a close field",
       .studies = 3,
       .spread = 0.1,
       .between = 0.05,
       .between_pairs = 0.05},
      {.name = "5 studies, a noisy field", .spread = 0.25, .between = 0.2, .between_pairs = 0.2},
      {.name = "3 studies, a noisy field",
       .studies = 3,
       .spread = 0.25,
       .between = 0.2,
       .between_pairs = 0.2},
      {.name = "demo: 3 x 2, 2 studies", .submissions = 3, .workloads = 2, .studies = 2},
      {.name = "demo with random misses",
       .submissions = 3,
       .workloads = 2,
       .studies = 2,
       .misses = Misses::random},
      {.name = "2 identical only, 2 workloads, 2 studies", .submissions = 2, .workloads = 2, .studies = 2},
      {.name = "2 identical only, 8 workloads, 3 studies", .submissions = 2, .workloads = 8, .studies = 3},
      {.name = "2 identical only, 8 workloads, 5 studies", .submissions = 2, .workloads = 8, .studies = 5},
  };
}

std::vector<Scenario> scenarios_like(const Score& score) {
  return {
      {.name = "like v0.5, 5 studies, normal", .studies = 5, .like = &score},
      {.name = "like v0.5, 5 studies, its residuals", .studies = 5, .like = &score, .resample = true},
      {.name = "like v0.5, 3 studies, its residuals", .studies = 3, .like = &score, .resample = true},
  };
}

}  // namespace timetrial

#pragma once

#include <string>

#include "results/scoring/score.h"
#include "results/uncertainty/uncertainty.h"

namespace timetrial {

// {"scores": {submission: x}, "time_to_target": {submission: {workload: seconds | "inf" | null}},
//  "profile": {"tau": […], "rho": {submission: […]}},
//  "intervals": {"level": 0.95, "scores": {submission: [low, high] | null}, "ranks": …, "time_to_target":
//                {submission: {workload: …}}, "rho": {submission: [[low, high], …]}, "better": {a: {b:
//                chance}}},
//  "speedups": {submission: {"geometric_mean": x | null, "workloads": {workload: x | null}}}, "notes": […]}.
// "intervals" only when they were computed, "speedups" only over a reference submission. Numbers read back as
// the same doubles; a score that has no value is null.
std::string score_json(const Score& score, const Uncertainty& uncertainty);

// All options of a score, defaults included, under their names on the command line.
std::string score_options_json(const ScoreOptions& options, const std::string& ruleset);

}  // namespace timetrial

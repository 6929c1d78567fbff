// Prints how often the intervals of each method cover the truth. Arguments: leaderboards a scenario (300),
// seed (1), replicates (1000).

#include <cstdlib>
#include <iostream>

#include <fmt/format.h>

#include "coverage_scenarios.h"
#include "coverage_simulation.h"
#include "golden_logs.h"
#include "plain_bootstrap.h"

namespace timetrial {
namespace {

Score golden_score() {
  const GoldenLogs& logs = golden_logs("v05_external");
  const nlohmann::json& params = logs.expected["cases"][0]["params"];
  ScoreOptions options;
  options.submissions = params["submissions"].get<std::vector<std::string>>();
  options.profile.base_workloads = params["base_workloads"].get<std::vector<std::string>>();
  options.profile.held_out = params["held_out_workloads"].get<std::vector<std::string>>();
  return compute_score(logs.trials, options);
}

void print_rows(const Scenario& scenario, int64_t leaderboards, uint64_t seed, int64_t replicates,
                const std::string& only) {
  const std::vector<std::pair<std::string, UncertaintyMethod>> methods = {
      {"studies", plain_bootstrap(false, replicates)},
      {"studies+trials", plain_bootstrap(true, replicates)},
      {"pooled", pooled_percentiles(replicates)},
      {"pooled BC", pooled_bias_corrected(replicates)},
      {"chosen", pooled_method(replicates)}};
  for (const auto& [name, method] : methods) {
    if (!only.empty() && name != only) continue;
    if (name == "studies+trials" && scenario.trials == 1) continue;
    const Coverage found = simulate_coverage(scenario, method, leaderboards, seed);
    fmt::print("| {} | {} | {:.1f} | {:.1f} | {:.1f} | {:.1f} | {:.3f} |\n", scenario.name, name,
               100 * found.times.value(), 100 * found.scores.value(), 100 * found.ranks.value(),
               100 * found.false_differences.value(), found.score_width);
    std::cout.flush();
  }
}

}  // namespace
}  // namespace timetrial

int main(int count, char** arguments) {
  using namespace timetrial;
  const int64_t leaderboards = count > 1 ? std::atoll(arguments[1]) : 300;
  const uint64_t seed = count > 2 ? std::strtoull(arguments[2], nullptr, 10) : 1;
  const int64_t replicates = count > 3 ? std::atoll(arguments[3]) : 1000;
  const std::string only = count > 4 ? arguments[4] : "";
  fmt::print("| leaderboards | method | time | score | rank | false differences | width of score |\n");
  fmt::print("|---|---|---|---|---|---|---|\n");
  std::vector<Scenario> scenarios = main_scenarios();
  for (const Scenario& scenario : hard_scenarios()) scenarios.push_back(scenario);
  Score like;
  if (golden_logs_exist("v05_external")) {
    like = golden_score();
    for (const Scenario& scenario : scenarios_like(like)) scenarios.push_back(scenario);
  }
  const std::string part = count > 5 ? arguments[5] : "";
  for (const Scenario& scenario : scenarios) {
    if (scenario.name.find(part) == std::string::npos) continue;
    print_rows(scenario, leaderboards, seed, replicates, only);
  }
  return 0;
}

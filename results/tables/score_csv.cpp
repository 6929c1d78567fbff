#include "results/tables/score_csv.h"

#include "results/tables/csv.h"
#include "results/tables/score_table.h"

namespace timetrial {

namespace {

std::string cell(const std::optional<double>& value) {
  return value ? exact_number(*value) : "";
}

void add_interval(const std::optional<Interval>& interval, std::vector<std::string>& row) {
  row.push_back(interval ? exact_number(interval->low) : "");
  row.push_back(interval ? exact_number(interval->high) : "");
}

template <typename Map>
auto found_in(const Map& map, const std::string& name) {
  const auto found = map.find(name);
  return found == map.end() ? typename Map::mapped_type{} : found->second;
}

}  // namespace

std::string score_csv(const Score& score, const Uncertainty& uncertainty) {
  std::vector<std::string> header = {"submission", "score"};
  header.insert(header.end(), score.workloads.begin(), score.workloads.end());
  header.insert(header.end(), {"score_low", "score_high", "rank_low", "rank_high"});
  for (const std::string& workload : score.workloads) {
    header.insert(header.end(), {workload + "_low", workload + "_high"});
  }
  std::string text = csv_row(header);
  for (const std::string& submission : ranking(score)) {
    std::vector<std::string> row = {submission, cell(score.profile.scores.at(submission))};
    for (const std::string& workload : score.workloads) {
      row.push_back(cell(score.time_to_target.at(submission).at(workload)));
    }
    add_interval(found_in(uncertainty.scores, submission), row);
    add_interval(found_in(uncertainty.ranks, submission), row);
    const auto times = found_in(uncertainty.time_to_target, submission);
    for (const std::string& workload : score.workloads) add_interval(found_in(times, workload), row);
    text += csv_row(row);
  }
  return text;
}

std::string profile_csv(const Score& score) {
  std::string text = csv_row({"submission", "tau", "rho"});
  for (const std::string& submission : ranking(score)) {
    const std::vector<double>& rho = score.profile.rho.at(submission);
    for (std::size_t i = 0; i < rho.size(); ++i) {
      text += csv_row({submission, exact_number(score.profile.tau[i]), exact_number(rho[i])});
    }
  }
  return text;
}

}  // namespace timetrial

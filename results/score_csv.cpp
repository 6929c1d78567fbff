#include "results/score_csv.h"

#include "results/csv.h"
#include "results/score_table.h"

namespace timetrial {

namespace {

std::string cell(const std::optional<double>& value) {
  return value ? exact_number(*value) : "";
}

}  // namespace

std::string score_csv(const Score& score) {
  std::vector<std::string> header = {"submission", "score"};
  header.insert(header.end(), score.workloads.begin(), score.workloads.end());
  std::string text = csv_row(header);
  for (const std::string& submission : ranking(score)) {
    std::vector<std::string> row = {submission, cell(score.profile.scores.at(submission))};
    for (const std::string& workload : score.workloads) {
      row.push_back(cell(score.time_to_target.at(submission).at(workload)));
    }
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

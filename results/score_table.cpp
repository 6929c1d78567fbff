#include "results/score_table.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "results/text_table.h"

namespace timetrial {

namespace {

std::string time_text(double time) {
  if (time >= 1000) return fmt::format("{:.0f}", time);
  return time >= 100 ? fmt::format("{:.1f}", time) : fmt::format("{:.2f}", time);
}

std::string cell_text(const Score& score, const std::string& submission, const std::string& workload) {
  const std::optional<double>& measured = score.time_to_target.at(submission).at(workload);
  if (!measured) return "–";
  if (std::isinf(*measured)) return "∞";
  const auto& qualified = score.profile.qualified.at(submission);
  const auto found = qualified.find(workload);  // absent for held-out workloads
  const bool is_void = found != qualified.end() && found->second && std::isinf(*found->second);
  return is_void ? "(" + time_text(*measured) + ")" : time_text(*measured);
}

}  // namespace

std::vector<std::string> ranking(const Score& score) {
  std::vector<std::string> ranked = score.submissions;
  std::stable_sort(ranked.begin(), ranked.end(), [&](const std::string& left, const std::string& right) {
    return score.profile.scores.at(left).value_or(-1) > score.profile.scores.at(right).value_or(-1);
  });
  return ranked;
}

std::string score_table(const Score& score) {
  std::vector<TableColumn> columns = {{"submission"}, {"score", true}};
  for (const std::string& workload : score.workloads) columns.push_back({workload, true});
  std::vector<std::vector<std::string>> rows;
  std::string cells;
  for (const std::string& submission : ranking(score)) {
    const std::optional<double>& value = score.profile.scores.at(submission);
    std::vector<std::string> row = {submission, value ? fmt::format("{:.4f}", *value) : "–"};
    for (const std::string& workload : score.workloads) row.push_back(cell_text(score, submission, workload));
    for (const std::string& cell : row) cells += cell + "\n";
    rows.push_back(std::move(row));
  }
  std::string text = render_table(columns, rows);
  text += "\nTime to target in seconds of the submission clock";
  if (cells.find("∞") != std::string::npos) text += "; ∞ target not reached";
  if (cells.find('(') != std::string::npos) text += "; (…) void by the held-out rule or the cut-off";
  if (cells.find("–") != std::string::npos) text += "; – no data";
  text += ".\n";
  for (const std::string& note : score.notes) text += "note: " + note + "\n";
  return text;
}

}  // namespace timetrial

#include "results/tables/verdict_list.h"

#include <algorithm>
#include <ctime>
#include <map>

#include <fmt/chrono.h>
#include <nlohmann/json.hpp>

#include "results/tables/text_table.h"

namespace timetrial {

namespace {

using Json = nlohmann::ordered_json;

std::string moment(double unix_seconds) {
  return fmt::format("{:%Y-%m-%d %H:%M}", fmt::gmtime(static_cast<std::time_t>(unix_seconds)));
}

// "shampoo 0.778, baseline 0.571, 9 more"
std::string leaders(const Json& result) {
  std::vector<std::pair<double, std::string>> scores;
  for (const auto& [submission, score] : result.at("scores").items()) {
    scores.emplace_back(score.is_number() ? score.get<double>() : -1, submission);
  }
  std::stable_sort(scores.begin(), scores.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::string text;
  constexpr std::size_t kShown = 3;
  for (std::size_t i = 0; i < std::min(kShown, scores.size()); ++i) {
    const auto& [score, submission] = scores[i];
    text += (i == 0 ? "" : ", ") + submission + (score < 0 ? " –" : fmt::format(" {:.4f}", score));
  }
  if (scores.size() > kShown) text += fmt::format(", {} more", scores.size() - kShown);
  return text;
}

std::string differences(const Json& options, const Json& first) {
  std::string text;
  for (const auto& [name, value] : options.items()) {
    if (first.contains(name) && first[name] == value) continue;
    text += (text.empty() ? "" : " ") + name + "=" + value.dump();
  }
  return text;
}

}  // namespace

std::string verdict_table(const std::vector<Verdict>& verdicts) {
  std::map<std::string, Json> first;
  std::vector<std::vector<std::string>> rows;
  for (const Verdict& verdict : verdicts) {
    const Json options = Json::parse(verdict.options);
    const Json& plain = first.emplace(verdict.ruleset, options).first->second;
    rows.push_back({std::to_string(verdict.id), moment(verdict.unix_seconds), verdict.tool_version,
                    fmt::format("{} v{}", verdict.ruleset, verdict.ruleset_version),
                    std::to_string(verdict.trials), leaders(Json::parse(verdict.result)),
                    differences(options, plain)});
  }
  return render_table({{"id", true},
                       {"when (UTC)"},
                       {"timetrial"},
                       {"ruleset"},
                       {"trials", true},
                       {"leaders"},
                       {"options unlike the first"}},
                      rows);
}

std::string verdict_json(const std::vector<Verdict>& verdicts) {
  Json list = Json::array();
  for (const Verdict& verdict : verdicts) {
    list.push_back({{"id", verdict.id},
                    {"unix_seconds", verdict.unix_seconds},
                    {"tool_version", verdict.tool_version},
                    {"ruleset", verdict.ruleset},
                    {"ruleset_version", verdict.ruleset_version},
                    {"trials", verdict.trials},
                    {"newest_trial", verdict.newest_trial},
                    {"options", Json::parse(verdict.options)},
                    {"result", Json::parse(verdict.result)}});
  }
  return list.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace timetrial

#include "results/exchange/algoperf_tree.h"

#include <algorithm>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/errors/user_error.h"
#include "harness/text/utf8.h"
#include "results/exchange/logged_number.h"
#include "results/exchange/plain_name.h"
#include "results/exchange/trial_numbers.h"

namespace timetrial {

namespace {

namespace fs = std::filesystem;

// Submissions, and what lies above them: teams, rulesets, a dataset.
constexpr int kDeepestSubmission = 3;

std::string name_of(const fs::path& path) {
  return path.filename().string();
}

// "amos/" and "." have no file name of their own.
fs::path with_name(const fs::path& directory) {
  const fs::path normal = directory.lexically_normal();
  if (normal.has_filename() && name_of(normal) != "." && name_of(normal) != "..") return normal;
  const fs::path absolute = fs::absolute(directory).lexically_normal();
  return absolute.has_filename() ? absolute : absolute.parent_path();
}

std::vector<fs::path> folders_in(const fs::path& directory, ImportProblems& problems) {
  std::vector<fs::path> folders;
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code ignored;
    if (entry->is_directory(ignored)) folders.push_back(entry->path());
  }
  if (error) problems.push_back({ProblemKind::unreadable_file, directory.string(), error.message(), true});
  std::sort(folders.begin(), folders.end());
  return folders;
}

std::optional<std::pair<std::string, std::string>> workload_and_framework(const std::string& name) {
  for (const std::string framework : {"jax", "pytorch"}) {
    if (name.size() > framework.size() + 1 && name.ends_with("_" + framework)) {
      return std::pair{name.substr(0, name.size() - framework.size() - 1), framework};
    }
  }
  return std::nullopt;
}

// "trial_12" and nothing behind it. (AlgoPerf's scorer also counts "trial_12_old".)
std::optional<int64_t> trial_number(const std::string& name) {
  const std::string_view prefix = "trial_";
  if (!name.starts_with(prefix) || name.size() == prefix.size()) return std::nullopt;
  const std::string_view digits = std::string_view(name).substr(prefix.size());
  if (digits.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  return whole_number(digits);
}

std::optional<int64_t> digits_at_end(const std::string& name) {
  const std::size_t last_other = name.find_last_not_of("0123456789");
  const std::size_t begin = last_other == std::string::npos ? 0 : last_other + 1;
  return begin == name.size() ? std::nullopt : whole_number(std::string_view(name).substr(begin));
}

std::string without_timestamp(const std::string& name) {
  static const std::regex kTimestamp("-[0-9]{4}(-[0-9]{2}){5}$");
  return std::regex_replace(name, kTimestamp, "");
}

bool is_study(const fs::path& directory) {
  ImportProblems ignored;  // whoever walks the directory reports them
  const std::vector<fs::path> folders = folders_in(directory, ignored);
  return std::any_of(folders.begin(), folders.end(), [](const fs::path& folder) {
    return workload_and_framework(name_of(folder)).has_value();
  });
}

// A trial on its way to its place in the tree.
struct FoundTrial {
  LoggedTrial trial;
  std::string study_name;
  // The folder and name of the submission: those of one name are pooled when they lie side by side.
  std::string pool;
};

class TreeWalk {
 public:
  AlgoperfTree run(const fs::path& directory) &&;

 private:
  bool find_submissions(const fs::path& directory, int depth);
  void walk_submission(const fs::path& directory, const std::vector<fs::path>& folders);
  void walk_study(const fs::path& directory, const FoundTrial& above);
  void walk_workload(const fs::path& directory, const FoundTrial& above);
  void number_studies();
  void number_trials();
  void report_stray(const fs::path& directory, const std::string& detail) {
    tree_.problems.push_back({ProblemKind::stray_directory, directory.string(), detail});
  }

  std::vector<FoundTrial> found_;
  AlgoperfTree tree_;
};

// True when there is a submission at or below `directory`.
bool TreeWalk::find_submissions(const fs::path& directory, int depth) {
  const std::vector<fs::path> folders = folders_in(directory, tree_.problems);
  if (std::any_of(folders.begin(), folders.end(), is_study)) {
    walk_submission(directory, folders);
    return true;
  }
  if (depth == kDeepestSubmission) return false;
  bool any = false;
  std::vector<fs::path> others;
  for (const fs::path& folder : folders) {
    if (find_submissions(folder, depth + 1)) {
      any = true;
    } else {
      others.push_back(folder);
    }
  }
  if (any) {
    for (const fs::path& folder : others) report_stray(folder, "no submission below it");
  }
  return any;
}

void TreeWalk::walk_submission(const fs::path& directory, const std::vector<fs::path>& folders) {
  FoundTrial found;
  const std::string name = name_of(directory);
  found.trial.submission = without_timestamp(name);
  found.pool = (directory.parent_path() / found.trial.submission).string();
  if (!is_plain_name(name)) {
    tree_.problems.push_back({ProblemKind::unusable_name, directory.string(), "", true});
    return;
  }
  if (name != found.trial.submission) {
    tree_.problems.push_back({ProblemKind::pooled_directories, directory.string(), found.trial.submission});
  }
  for (const fs::path& folder : folders) {
    if (!is_study(folder)) {
      folders_in(folder, tree_.problems);  // reports one that cannot be read
      report_stray(folder, "no workload below it");
      continue;
    }
    found.study_name = name_of(folder);
    found.trial.source = name + "/" + found.study_name;
    walk_study(folder, found);
  }
}

void TreeWalk::walk_study(const fs::path& directory, const FoundTrial& above) {
  for (const fs::path& folder : folders_in(directory, tree_.problems)) {
    const auto names = workload_and_framework(name_of(folder));
    if (!names) {
      report_stray(folder, trial_number(name_of(folder)) ? "a trial beside the workloads" : "");
      continue;
    }
    if (!is_plain_name(names->first) || !is_utf8(above.study_name)) {
      tree_.problems.push_back({ProblemKind::unusable_name, folder.string(), "", true});
      continue;
    }
    FoundTrial found = above;
    found.trial.workload = names->first;
    found.trial.framework = names->second;
    found.trial.source += "/" + name_of(folder);
    walk_workload(folder, found);
  }
}

void TreeWalk::walk_workload(const fs::path& directory, const FoundTrial& above) {
  std::vector<FoundTrial> trials;
  for (const fs::path& folder : folders_in(directory, tree_.problems)) {
    const std::optional<int64_t> number = trial_number(name_of(folder));
    if (!number) {
      report_stray(folder, "not named trial_<number>");
      continue;
    }
    FoundTrial& found = trials.emplace_back(above);
    found.trial.trial = *number;
    found.trial.directory = folder;
    found.trial.source += "/" + name_of(folder);
  }
  std::sort(trials.begin(), trials.end(), [](const FoundTrial& left, const FoundTrial& right) {
    return left.trial.trial < right.trial.trial;
  });
  if (trials.empty()) tree_.problems.push_back({ProblemKind::empty_workload, directory.string(), ""});
  std::vector<int64_t> numbers;
  for (const FoundTrial& found : trials) numbers.push_back(found.trial.trial);
  if (const std::vector<int64_t> missing = missing_trial_numbers(numbers); !missing.empty()) {
    tree_.problems.push_back({ProblemKind::missing_trials, directory.string(),
                              fmt::format("without {}", fmt::join(missing, ", "))});
  }
  std::move(trials.begin(), trials.end(), std::back_inserter(found_));
}

// Studies are pooled by name. A number at the end of the name is the study's; when one name has none or two
// names share one, all studies of the submission are numbered in the order of their names.
void TreeWalk::number_studies() {
  std::map<std::string, std::map<std::string, int64_t>> studies;
  for (const FoundTrial& found : found_) studies[found.pool][found.study_name] = -1;
  for (auto& [pool, names] : studies) {
    std::set<int64_t> numbers;
    for (auto& [name, number] : names) {
      number = digits_at_end(name).value_or(-1);
      if (number >= 0) numbers.insert(number);
    }
    if (numbers.size() == names.size()) continue;
    int64_t next = 0;
    for (auto& [name, number] : names) {
      number = next++;
      tree_.problems.push_back(
          {ProblemKind::numbered_study, pool + "/" + name, fmt::format("is study {}", number)});
    }
  }
  for (FoundTrial& found : found_) found.trial.study = studies[found.pool][found.study_name];
}

void TreeWalk::number_trials() {
  std::map<std::tuple<std::string, int64_t, std::string>, std::vector<std::size_t>> cells;
  for (std::size_t i = 0; i < found_.size(); ++i) {
    const LoggedTrial& trial = found_[i].trial;
    cells[{found_[i].pool, trial.study, trial.workload}].push_back(i);
  }
  for (const auto& [cell, members] : cells) {
    std::set<std::string> frameworks;
    std::vector<int64_t> wanted;
    for (const std::size_t member : members) {
      frameworks.insert(found_[member].trial.framework);
      wanted.push_back(found_[member].trial.trial);
    }
    const auto& [pool, study, workload] = cell;
    if (frameworks.size() > 1) {
      tree_.problems.push_back(
          {ProblemKind::two_frameworks, fmt::format("{}/study_{}/{}", pool, study, workload), ""});
    }
    const std::vector<int64_t> given = distinct_trial_numbers(wanted);
    for (std::size_t i = 0; i < members.size(); ++i) {
      LoggedTrial& trial = found_[members[i]].trial;
      trial.trial = given[i];
      if (given[i] == wanted[i]) continue;
      tree_.problems.push_back(
          {ProblemKind::renumbered_trial, trial.directory.string(), fmt::format("now {}", given[i])});
    }
  }
}

AlgoperfTree TreeWalk::run(const fs::path& directory) && {
  std::error_code ignored;
  if (!fs::is_directory(directory, ignored)) {
    throw UserError({"there is no such directory", directory.string(), "", "check the path"});
  }
  if (!find_submissions(with_name(directory), 0)) {
    throw UserError({"there are no AlgoPerf logs below", directory.string(), "",
                     "give the directory of a submission, or one of submissions: "
                     "<submission>/<study>/<workload>_<jax|pytorch>/trial_<n>"});
  }
  number_studies();
  number_trials();
  for (FoundTrial& found : found_) tree_.trials.push_back(std::move(found.trial));
  const auto place = [](const LoggedTrial& trial) {
    return std::tie(trial.submission, trial.study, trial.workload, trial.trial);
  };
  std::stable_sort(
      tree_.trials.begin(), tree_.trials.end(),
      [&](const LoggedTrial& left, const LoggedTrial& right) { return place(left) < place(right); });
  return std::move(tree_);
}

}  // namespace

AlgoperfTree find_algoperf_trials(const std::filesystem::path& directory) {
  return TreeWalk().run(directory);
}

}  // namespace timetrial

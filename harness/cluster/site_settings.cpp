#include "harness/cluster/site_settings.h"

#include <charconv>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>
#include <type_traits>

#include <CLI/CLI.hpp>

#include "harness/cluster/time_limit.h"
#include "harness/errors/user_error.h"

namespace timetrial {

namespace {

constexpr const char* kSection = "slurm";

using Words = std::vector<std::string>;

class SiteReader {
 public:
  explicit SiteReader(const std::string& where) : where_(where) {
    for_each_value(settings_, [this]<typename Value>(const char* key, std::optional<Value>& value) {
      take_[key] = [this, key, &value](const Words& words) {
        if constexpr (std::is_same_v<Value, std::string>)
          value = one(key, words);
        else
          value = whole_number(key, one(key, words));
      };
    });
    take_["sbatch_args"] = [this](const Words& words) { settings_.sbatch_arguments = words; };
    take_["setup"] = [this](const Words& words) { settings_.setup = words; };
  }

  SlurmSettings read(const std::string& text) {
    std::istringstream stream(text);
    for (const CLI::ConfigItem& item : CLI::ConfigTOML().from_config(stream)) {
      if (item.name == "++" || item.name == "--") continue;  // a section begins or ends
      const auto found = take_.find(item.name);
      if (item.parents != Words{kSection} || found == take_.end()) {
        std::string known;
        for (const auto& [key, take] : take_) known += (known.empty() ? "" : ", ") + key;
        fail("there is no such setting", item.fullname(), "below [slurm] there are: " + known);
      }
      if (!seen_.insert(item.name).second) fail("this setting stands twice", item.fullname(), "remove one");
      found->second(item.inputs);
    }
    return settings_;
  }

 private:
  std::string one(const std::string& key, const Words& words) const {
    if (words.size() != 1 || words[0].empty() || words[0].find_first_of("\"'[]") != std::string::npos) {
      std::string all;
      for (const std::string& word : words) all += (all.empty() ? "" : " ") + word;
      fail("one value is expected for " + key, all,
           "write it on one line between quotation marks; it cannot hold a #");
    }
    return words[0];
  }

  int64_t whole_number(const std::string& key, const std::string& word) const {
    int64_t number = 0;
    const char* end = word.data() + word.size();
    const auto [rest, error] = std::from_chars(word.data(), end, number);
    if (error != std::errc() || rest != end)
      fail("a whole number is expected for " + key, word, "correct it");
    return number;
  }

  [[noreturn]] void fail(const std::string& what, const std::string& value, const std::string& cure) const {
    throw UserError({what, where_, value, cure});
  }

  std::string where_;
  SlurmSettings settings_;
  std::map<std::string, std::function<void(const Words&)>> take_;
  std::set<std::string> seen_;
};

std::filesystem::path default_file() {
  const auto variable = [](const char* name) {
    const char* value = std::getenv(name);
    return std::filesystem::path(value == nullptr ? "" : value);
  };
  std::filesystem::path folder = variable("XDG_CONFIG_HOME");
  if (folder.empty() && !variable("HOME").empty()) folder = variable("HOME") / ".config";
  return folder.empty() ? folder : folder / "timetrial" / "site.toml";
}

}  // namespace

SlurmSettings prefer(const SlurmSettings& given, const SlurmSettings& otherwise) {
  SlurmSettings both = otherwise;
  const auto take = [](const auto& from, auto& to) {
    if (from) to = from;
  };
  take(given.partition, both.partition);
  take(given.gres, both.gres);
  take(given.time, both.time);
  take(given.cpus, both.cpus);
  take(given.memory, both.memory);
  take(given.max_concurrent, both.max_concurrent);
  take(given.grace_seconds, both.grace_seconds);
  both.sbatch_arguments.insert(both.sbatch_arguments.end(), given.sbatch_arguments.begin(),
                               given.sbatch_arguments.end());
  if (!given.setup.empty()) both.setup = given.setup;
  return both;
}

void require_sensible(const SlurmSettings& settings) {
  const auto at_least_one = [](const std::optional<int64_t>& value, const char* name) {
    if (value && *value < 1)
      throw UserError({std::string(name) + " must be at least 1", "", std::to_string(*value), ""});
  };
  at_least_one(settings.cpus, "the number of cpus");
  at_least_one(settings.max_concurrent, "the number of concurrent trials");
  at_least_one(settings.grace_seconds, "the grace");
  if (!settings.time) return;
  const int64_t time = seconds_of_time_limit(*settings.time);
  const int64_t grace = settings.grace_seconds.value_or(kDefaultGraceSeconds);
  if (grace >= time) {
    throw UserError({"a trial would be told to save its state before it begins", "",
                     std::to_string(grace) + " s of grace in a time limit of " + std::to_string(time) + " s",
                     "give a longer --time or a shorter --grace"});
  }
}

SlurmSettings site_settings_from_text(const std::string& text, const std::string& where) {
  return SiteReader(where).read(text);
}

SlurmSettings read_site_settings(const std::string& file) {
  const char* variable = std::getenv("TIMETRIAL_SITE");
  std::filesystem::path path = file;
  if (path.empty() && variable != nullptr) path = variable;
  const bool named = !path.empty();
  if (!named) path = default_file();
  if (path.empty() || (!named && !std::filesystem::exists(path))) return {};
  std::ifstream stream(path);
  std::stringstream text;
  text << stream.rdbuf();
  if (!stream) {
    throw UserError({"the site file cannot be read", path.string(), "",
                     "correct --site or TIMETRIAL_SITE, or make it readable"});
  }
  return site_settings_from_text(text.str(), path.string());
}

}  // namespace timetrial

#pragma once

// Reads JSON files that people write: every mistake is a UserError that names the file and the key. Key order
// is kept, because the order of a search space defines its Halton dimensions.

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace timetrial {

using OrderedJson = nlohmann::ordered_json;

// Refuses text that is no JSON (with line and column) and keys that stand twice in one object.
OrderedJson parse_strict_json(const std::string& text, const std::string& where);

std::string read_text_file(const std::string& file, const std::string& kind);

// One object whose keys are asked for by name; finish() refuses what nobody asked for. Refers to `object`.
class StrictObject {
 public:
  // `path` names the object for people: "ruleset", "hyperparameter \"beta1\"".
  StrictObject(const OrderedJson& object, std::string where, std::string path);

  bool has(const std::string& key);
  const OrderedJson& require(const std::string& key);

  std::string text(const std::string& key);
  std::string choice(const std::string& key, const std::vector<std::string>& choices);
  double number(const std::string& key);                          // finite
  std::optional<double> optional_number(const std::string& key);  // the same, or null for none
  double positive_number(const std::string& key);                 // > 0
  int64_t integer(const std::string& key, int64_t at_least);
  bool flag(const std::string& key);
  std::vector<std::string> text_list(const std::string& key);

  // Throws for a key that was never asked for.
  void finish() const;

  [[noreturn]] void fail(const std::string& key, const std::string& what, const std::string& cure) const;

 private:
  const OrderedJson& object_;
  std::string where_;
  std::string path_;
  std::set<std::string> asked_;
};

}  // namespace timetrial

#include "tuning/strict_json.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>
#include <utility>

#include "harness/errors/user_error.h"
#include "tuning/nearest_name.h"

namespace timetrial {

namespace {

// Long values are cut: they only have to be found again in the file.
std::string excerpt(const OrderedJson& value) {
  constexpr std::size_t kLength = 80;
  const std::string text = value.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
  return text.size() <= kLength ? text : text.substr(0, kLength) + "…";
}

std::string line_and_column(const std::string& text, std::size_t byte) {
  const std::size_t end = std::min(byte == 0 ? 0 : byte - 1, text.size());
  const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), '\n') + 1;
  const std::size_t line_start = text.rfind('\n', end == 0 ? 0 : end - 1);
  const std::size_t column = line_start == std::string::npos || line == 1 ? end + 1 : end - line_start;
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

}  // namespace

OrderedJson parse_strict_json(const std::string& text, const std::string& where) {
  std::vector<std::set<std::string>> open_objects;
  const auto refuse_repeated_keys = [&](int, OrderedJson::parse_event_t event, OrderedJson& parsed) {
    if (event == OrderedJson::parse_event_t::object_start) open_objects.emplace_back();
    if (event == OrderedJson::parse_event_t::object_end) open_objects.pop_back();
    if (event == OrderedJson::parse_event_t::key &&
        !open_objects.back().insert(parsed.get<std::string>()).second) {
      throw UserError(
          {"a key stands twice in one object", where, parsed.get<std::string>(), "keep one of the two"});
    }
    return true;
  };
  try {
    return OrderedJson::parse(text, refuse_repeated_keys);
  } catch (const OrderedJson::parse_error& error) {
    const std::size_t end = std::min(error.byte, text.size());
    const std::size_t begin = end < 20 ? 0 : end - 20;
    throw UserError({"this is not valid JSON", where + ", " + line_and_column(text, error.byte),
                     text.empty() ? "an empty file" : "… " + text.substr(begin, end - begin),
                     "correct the JSON at that place (a missing comma, quote or bracket?)"});
  }
}

std::string read_text_file(const std::string& file, const std::string& kind) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  if (stream) text << stream.rdbuf();
  if (!stream || !text) {
    throw UserError({"the " + kind + " cannot be read", file, "", "check the path and its permissions"});
  }
  return std::move(text).str();
}

StrictObject::StrictObject(const OrderedJson& object, std::string where, std::string path)
    : object_(object), where_(std::move(where)), path_(std::move(path)) {
  if (!object_.is_object()) {
    throw UserError(
        {path_ + " must be a JSON object", where_, excerpt(object_), "write it as { \"key\": value }"});
  }
}

bool StrictObject::has(const std::string& key) {
  asked_.insert(key);
  return object_.contains(key);
}

const OrderedJson& StrictObject::require(const std::string& key) {
  if (has(key)) return object_.at(key);
  std::vector<std::string> unasked;
  for (const auto& [name, value] : object_.items()) {
    if (!asked_.count(name)) unasked.push_back(name);
  }
  const std::string nearest = nearest_name(key, unasked);
  throw UserError({"\"" + key + "\" is missing from " + path_, where_,
                   nearest.empty() ? "" : "\"" + nearest + "\"",
                   nearest.empty() ? "add \"" + key + "\"" : "rename it to \"" + key + "\""});
}

std::string StrictObject::text(const std::string& key) {
  if (!require(key).is_string()) fail(key, "must be a text", "put the value in double quotes");
  return object_.at(key).get<std::string>();
}

std::string StrictObject::choice(const std::string& key, const std::vector<std::string>& choices) {
  const std::string chosen = text(key);
  if (std::find(choices.begin(), choices.end(), chosen) == choices.end()) {
    fail(key, "has a value that is not known" + suggest_name(chosen, choices),
         "write one of: " + join_names(choices));
  }
  return chosen;
}

double StrictObject::number(const std::string& key) {
  if (!require(key).is_number()) fail(key, "must be a number", "write a number without quotes");
  const double value = object_.at(key).get<double>();
  if (!std::isfinite(value)) fail(key, "must be a finite number", "write a number a double can hold");
  return value;
}

std::optional<double> StrictObject::optional_number(const std::string& key) {
  if (require(key).is_null()) return std::nullopt;
  return number(key);
}

double StrictObject::positive_number(const std::string& key) {
  const double value = number(key);
  if (value <= 0) fail(key, "must be above 0", "write a number above 0");
  return value;
}

int64_t StrictObject::integer(const std::string& key, int64_t at_least) {
  const OrderedJson& value = require(key);
  if (!value.is_number_integer())
    fail(key, "must be a whole number", "write it without quotes and without a fraction");
  // Unsigned values beyond int64 would wrap around.
  const bool too_large = value.is_number_unsigned() && value.get<uint64_t>() > uint64_t{INT64_MAX};
  if (too_large || value.get<int64_t>() < at_least) {
    fail(key, "is out of range", "write a whole number of at least " + std::to_string(at_least));
  }
  return value.get<int64_t>();
}

bool StrictObject::flag(const std::string& key) {
  const OrderedJson& value = require(key);
  if (!value.is_boolean()) fail(key, "must be true or false", "write it without quotes");
  return value.get<bool>();
}

std::vector<std::string> StrictObject::text_list(const std::string& key) {
  if (!require(key).is_array()) fail(key, "must be a list of texts", "write [\"one\", \"two\"]");
  std::vector<std::string> texts;
  for (const OrderedJson& value : object_.at(key)) {
    if (!value.is_string()) fail(key, "must hold only texts", "put every entry in double quotes");
    texts.push_back(value.get<std::string>());
    if (std::count(texts.begin(), texts.end(), texts.back()) > 1) {
      fail(key, "names \"" + texts.back() + "\" twice", "keep one of the two");
    }
  }
  return texts;
}

void StrictObject::finish() const {
  const std::vector<std::string> known(asked_.begin(), asked_.end());
  for (const auto& [name, value] : object_.items()) {
    if (asked_.count(name)) continue;
    throw UserError({"\"" + name + "\" is not a key of " + path_ + suggest_name(name, known), where_,
                     excerpt(value), "remove it, or use one of: " + join_names(known)});
  }
}

void StrictObject::fail(const std::string& key, const std::string& what, const std::string& cure) const {
  const auto found = object_.find(key);
  throw UserError({"\"" + key + "\" of " + path_ + " " + what, where_,
                   found == object_.end() ? "" : excerpt(*found), cure});
}

}  // namespace timetrial

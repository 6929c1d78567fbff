#include "results/exchange/python_json.h"

#include <array>
#include <utility>

#include "harness/errors/user_error.h"

namespace timetrial {

namespace {

using nlohmann::json;

constexpr int kDeepest = 64;

std::string with_numbers_as_text(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kWords = {
      {{"-Infinity", "\"-inf\""}, {"Infinity", "\"inf\""}, {"NaN", "\"nan\""}}};
  std::string plain;
  plain.reserve(text.size());
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (in_string && text[i] == '\\' && i + 1 < text.size()) {
      plain += text[i++];
    } else if (text[i] == '"') {
      in_string = !in_string;
    } else if (!in_string && (text[i] == '-' || text[i] == 'I' || text[i] == 'N')) {
      bool replaced = false;
      for (const auto& [word, replacement] : kWords) {
        if (!text.substr(i).starts_with(word)) continue;
        plain += replacement;
        i += word.size() - 1;
        replaced = true;
        break;
      }
      if (replaced) continue;
    }
    plain += text[i];
  }
  return plain;
}

}  // namespace

json parse_python_json(std::string_view text, const std::string& where) {
  const auto fail = [&](const std::string& found) {
    throw UserError({"not valid JSON", where, found, "correct or remove the file"});
  };
  // Values deeper than that would exhaust the stack when they are printed.
  const auto not_too_deep = [&](int depth, json::parse_event_t, json&) {
    if (depth > kDeepest) fail("nested more than " + std::to_string(kDeepest) + " deep");
    return true;
  };
  try {
    return json::parse(with_numbers_as_text(text), not_too_deep);
  } catch (const json::exception& error) {
    fail(error.what());
  }
  throw std::logic_error("unreachable");
}

}  // namespace timetrial

#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace timetrial {

// JSON as Python writes it: NaN, Infinity and -Infinity outside of strings become the texts "nan", "inf" and
// "-inf". Throws UserError: no JSON, or nested more than 64 deep.
nlohmann::json parse_python_json(std::string_view text, const std::string& where);

}  // namespace timetrial

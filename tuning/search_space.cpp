#include "tuning/search_space.h"

#include <cmath>
#include <utility>

#include "harness/errors/user_error.h"
#include "tuning/halton.h"
#include "tuning/nearest_name.h"
#include "tuning/strict_json.h"

namespace timetrial {

namespace {

constexpr const char* kRangeExample = "{\"min\": 1e-4, \"max\": 1e-2, \"scaling\": \"log\"}";

PointValue parse_value(const OrderedJson& json, const std::string& name, const std::string& where) {
  if (json.is_boolean()) return json.get<bool>();
  if (json.is_string()) return json.get<std::string>();
  if (json.is_number() && std::isfinite(json.get<double>())) return json.get<double>();
  throw UserError({"hyperparameter \"" + name + "\" has a value that is no number, flag or text", where,
                   json.dump(), "write a number, true, false, or a text in double quotes"});
}

Dimension parse_dimension(const std::string& name, const OrderedJson& json, const std::string& where) {
  StrictObject object(json, where, "hyperparameter \"" + name + "\"");
  Dimension dimension;
  dimension.name = name;
  if (object.has("feasible_points")) {
    const OrderedJson& points = object.require("feasible_points");
    if (!points.is_array() || points.empty()) {
      object.fail("feasible_points", "must be a list that is not empty", "write [" + points.dump() + "]");
    }
    for (const OrderedJson& point : points)
      dimension.feasible_points.push_back(parse_value(point, name, where));
    object.finish();
    return dimension;
  }
  if (!object.has("min") && !object.has("max") && !object.has("scaling")) {
    object.finish();  // a misspelled key is the likelier mistake
    throw UserError({"hyperparameter \"" + name + "\" has neither a range nor feasible_points", where,
                     json.dump(),
                     std::string("write ") + kRangeExample + " or {\"feasible_points\": [...]}"});
  }
  dimension.min = object.number("min");
  dimension.max = object.number("max");
  dimension.log_scaling = object.choice("scaling", {"linear", "log"}) == "log";
  object.finish();
  if (dimension.min > dimension.max) object.fail("min", "is above \"max\"", "swap the two");
  if (dimension.log_scaling && dimension.min <= 0) {
    object.fail("min", "must be above 0 under log scaling", "raise it, or use \"scaling\": \"linear\"");
  }
  return dimension;
}

Point parse_list_entry(const OrderedJson& json, const std::string& path, const std::string& where) {
  if (!json.is_object() || json.empty()) {
    throw UserError({path + " must be a JSON object with at least one hyperparameter", where, json.dump(),
                     "write it as {\"learning_rate\": 0.001}"});
  }
  Point point;
  for (const auto& [name, value] : json.items()) point[name] = parse_value(value, name, where);
  return point;
}

std::vector<std::string> names_of(const Point& point) {
  std::vector<std::string> names;
  for (const auto& [name, value] : point) names.push_back(name);
  return names;
}

// Every entry must name the same hyperparameters: a forgotten one would only show as a failed trial hours
// later.
void require_same_names(const Point& first, const Point& entry, const std::string& path,
                        const std::string& where) {
  for (const std::string& name : names_of(first)) {
    if (!entry.count(name)) {
      throw UserError({path + " leaves out \"" + name + "\"", where, join_names(names_of(entry)),
                       "give every entry the hyperparameters of entry 1: " + join_names(names_of(first))});
    }
  }
  for (const std::string& name : names_of(entry)) {
    if (!first.count(name)) {
      throw UserError(
          {path + " has \"" + name + "\", which entry 1 has not" + suggest_name(name, names_of(first)), where,
           name, "give every entry the hyperparameters of entry 1: " + join_names(names_of(first))});
    }
  }
}

PointValue coordinate_to_value(const Dimension& dimension, double u) {
  if (!dimension.feasible_points.empty()) {
    const double size = static_cast<double>(dimension.feasible_points.size());
    return dimension.feasible_points[static_cast<std::size_t>(std::floor(u * size))];
  }
  if (dimension.log_scaling) return dimension.min * std::exp(u * std::log(dimension.max / dimension.min));
  return u * (dimension.max - dimension.min) + dimension.min;
}

}  // namespace

SearchSpace parse_search_space(const std::string& json, const std::string& where) {
  const OrderedJson parsed = parse_strict_json(json, where);
  SearchSpace space;
  if (parsed.is_object() && !parsed.empty()) {
    for (const auto& [name, dimension] : parsed.items()) {
      space.dimensions.push_back(parse_dimension(name, dimension, where));
    }
    return space;
  }
  if (parsed.is_array() && !parsed.empty()) {
    for (const OrderedJson& entry : parsed) {
      const std::string path = "entry " + std::to_string(space.list.size() + 1) + " of the list";
      space.list.push_back(parse_list_entry(entry, path, where));
      require_same_names(space.list.front(), space.list.back(), path, where);
    }
    return space;
  }
  throw UserError({"a search space must be an object of ranges or a list of points, and not empty", where,
                   parsed.dump().substr(0, 80),
                   std::string("write {\"learning_rate\": ") + kRangeExample + "}"});
}

SearchSpace read_search_space(const std::string& file) {
  return parse_search_space(read_text_file(file, "search space"), file);
}

std::vector<Point> draw_points(const SearchSpace& space, int64_t count) {
  const auto wanted = static_cast<std::size_t>(count);
  if (space.is_list()) {
    if (space.list.size() < wanted) {
      throw UserError(
          {"the list of hyperparameters is shorter than the number of trials", "search space",
           std::to_string(space.list.size()) + " entries for " + std::to_string(wanted) + " trials",
           "add entries, or run fewer trials per study"});
    }
    return {space.list.begin(), space.list.begin() + static_cast<std::ptrdiff_t>(wanted)};
  }
  std::vector<Point> points;
  for (const std::vector<double>& coordinates : halton_points(wanted, space.dimensions.size())) {
    Point point;
    for (std::size_t d = 0; d < coordinates.size(); ++d) {
      point[space.dimensions[d].name] = coordinate_to_value(space.dimensions[d], coordinates[d]);
    }
    points.push_back(std::move(point));
  }
  return points;
}

}  // namespace timetrial

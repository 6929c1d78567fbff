#pragma once

// A submission's search space in AlgoPerf's JSON format, and the points drawn from it.
//   object: name -> {"min": a, "max": b, "scaling": "linear"|"log"} or {"feasible_points": [...]}
//   array:  list of objects name -> value, used in order

#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace timetrial {

using PointValue = std::variant<double, bool, std::string>;
using Point = std::map<std::string, PointValue>;

struct Dimension {
  std::string name;
  std::vector<PointValue> feasible_points;  // discrete when not empty
  double min = 0;
  double max = 0;
  bool log_scaling = false;
};

struct SearchSpace {
  std::vector<Dimension> dimensions;  // in the order of the file: it defines the Halton dimension
  std::vector<Point> list;            // fixed list when not empty

  bool is_list() const { return !list.empty(); }
};

// Throws UserError naming the hyperparameter and what is wrong with it. `where`: the file, for messages.
SearchSpace parse_search_space(const std::string& json, const std::string& where);
SearchSpace read_search_space(const std::string& file);

// The first `count` points. Halton: AlgoPerf's generator before its final (unseeded) shuffle. List: entries
// in order; fewer than `count` entries is a UserError.
std::vector<Point> draw_points(const SearchSpace& space, int64_t count);

}  // namespace timetrial

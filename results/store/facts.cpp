#include "results/store/facts.h"

#include <nlohmann/json.hpp>

namespace timetrial {

int64_t find_or_add_facts(Database& database, const std::string& table, const Facts& facts) {
  const std::string text =
      nlohmann::json(facts).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  Statement found(database, "SELECT id FROM " + table + " WHERE facts = ?1");
  if (found.bind(text).step()) return found.integer(0);
  Statement(database, "INSERT INTO " + table + " (facts) VALUES (?1)").bind(text).run();
  return database.last_insert_id();
}

Facts facts_from(const std::string& text) {
  return nlohmann::json::parse(text).get<Facts>();
}

}  // namespace timetrial

#pragma once

// Machines and builds: objects of texts that are few and repeat, stored once each and found by their text.

#include <cstdint>
#include <map>
#include <string>

#include "results/store/sqlite.h"

namespace timetrial {

using Facts = std::map<std::string, std::string>;

// table: "machines" or "builds". Returns the row's id.
int64_t find_or_add_facts(Database& database, const std::string& table, const Facts& facts);

Facts facts_from(const std::string& text);

}  // namespace timetrial

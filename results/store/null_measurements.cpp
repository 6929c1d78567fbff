#include "results/store/null_measurements.h"

#include <nlohmann/json.hpp>

#include "results/store/facts.h"

namespace timetrial {

void add_null_measurement(Database& database, const NullMeasurement& measurement) {
  Transaction transaction(database, Transaction::Kind::write);
  const int64_t build = find_or_add_facts(database, "builds", measurement.build);
  const int64_t machine = find_or_add_facts(database, "machines", measurement.machine);
  Statement(database,
            "INSERT INTO null_measurements (unix_seconds, build_id, machine_id, device, threads, seconds) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
      .bind(measurement.unix_seconds, build, machine, measurement.device, measurement.threads,
            nlohmann::json(measurement.seconds).dump())
      .run();
  transaction.commit();
}

std::vector<NullMeasurement> read_null_measurements(Database& database) {
  std::vector<NullMeasurement> measurements;
  Statement rows(database,
                 "SELECT n.id, n.unix_seconds, n.device, n.threads, b.facts, m.facts, n.seconds "
                 "FROM null_measurements n JOIN builds b ON b.id = n.build_id JOIN machines m ON m.id = "
                 "n.machine_id ORDER BY n.id");
  while (rows.step()) {
    measurements.push_back({rows.integer(0), rows.real(1), rows.text(2), rows.integer(3),
                            facts_from(rows.text(4)), facts_from(rows.text(5)),
                            nlohmann::json::parse(rows.text(6)).get<std::map<std::string, double>>()});
  }
  return measurements;
}

}  // namespace timetrial

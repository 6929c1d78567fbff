#pragma once

// The trials' part of the report's data: table rows, curves, machines and builds.

#include "results/report/report.h"
#include "results/tables/json_number.h"

namespace timetrial {

// {"columns": [names], "rows": [[values]]}: names once, not once a trial.
nlohmann::ordered_json trials_json(const ReportInput& input);

// One a trial, in the same order: [seconds, steps, values], thinned and rounded; null for a value that is no
// number.
nlohmann::ordered_json curves_json(const ReportInput& input);

// Each distinct machine, build, library of a submission … with the number of attempts or trials it served.
nlohmann::ordered_json records_json(const ReportInput& input);

}  // namespace timetrial

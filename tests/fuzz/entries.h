#pragma once

// What is fuzzed: bytes of a file in, trials and problems out. Whatever the bytes are, nothing but a
// UserError may leave the parsers, and a trial that comes out must be one that the result file can hold and
// give back; otherwise the process ends.

#include <string_view>

namespace timetrial {

// The table of evaluations, and behind a NUL byte the table of trials.
void fuzz_tidy_table(std::string_view bytes);

// eval_measurements.csv
void fuzz_evaluation_table(std::string_view bytes);

// hparams.json, meta_data_0.json, flags_0.json, timetrial.json, in this order, NUL bytes between them.
void fuzz_json_files(std::string_view bytes);

}  // namespace timetrial

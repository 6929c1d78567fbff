// Stands in the place of timetrial-worker: a trial that takes no time, so that what is left is the
// controller's. Writes what a worker writes, in one piece.

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

#include "harness/journal/checksum.h"
#include "harness/journal/journal.h"

namespace {

using namespace timetrial;

constexpr int kEvaluations = 5;

std::string line_of(const JournalRecord& record) {
  const std::string json = record_to_json(record);
  return crc32_of(json) + " " + json + "\n";
}

double unix_seconds() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string journal_of_a_trial() {
  StartRecord start;
  start.unix_seconds = unix_seconds();
  start.data_set_id = "0123456789abcdef";
  start.provenance = {
      {"build", "Release"}, {"compiler", "GNU 12.2.0"}, {"libtorch", "2.11.0"}, {"timetrial", "1"}};
  start.machine = {
      {"cores", "8"}, {"cpu", "a processor"}, {"host", "node1"}, {"memory_gib", "64"}, {"os", "Linux"}};
  start.fingerprint = "0123456789ab";
  std::string text = line_of(start);
  EvaluationRecord evaluation;
  for (int i = 1; i <= kEvaluations; ++i) {
    evaluation.step = 100 * i;
    evaluation.submission_seconds = 1.2345678 * i;
    evaluation.evaluation_seconds = 0.1234567 * i;
    evaluation.logging_seconds = 0.0123456 * i;
    evaluation.wall_seconds = 1.4567891 * i;
    evaluation.training_loss = 2.3456789 / i;
    evaluation.metrics = {{"validation/loss", 2.3456789 / i}, {"test/loss", 2.4567891 / i}};
    text += line_of(evaluation);
  }
  OutcomeRecord outcome;
  outcome.outcome = Outcome::step_limit;
  outcome.message = "the limit of 500 steps is reached; best validation/loss 0.469136";
  outcome.step = evaluation.step;
  outcome.submission_seconds = evaluation.submission_seconds;
  outcome.unix_seconds = unix_seconds();
  outcome.clock.submission = evaluation.submission_seconds;
  outcome.clock.wall = evaluation.wall_seconds;
  outcome.parameters_hash = std::string(64, 'a');
  outcome.peak_memory_bytes = 123456789;
  return text + line_of(outcome);
}

}  // namespace

// "run <trial directory> …"
int main(int argc, char** argv) {
  if (argc < 3 || std::string(argv[1]) != "run") return 2;
  if (const char* seconds = std::getenv("EMPTY_TRIAL_SECONDS"))
    std::this_thread::sleep_for(std::chrono::duration<double>(std::atof(seconds)));
  std::ofstream(journal_path(argv[2]), std::ios::binary) << journal_of_a_trial();
  return 0;
}

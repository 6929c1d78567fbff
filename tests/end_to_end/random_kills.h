#pragma once

// Kills a `timetrial` and its workers at moments drawn from a seed.

#include <cstdint>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "program.h"

namespace timetrial {

enum class Victim { worker, controller, both };

// Where an attempt was when it was killed, as far as its traces tell.
enum class KilledIn { start_up, training, evaluation, checkpoint, between_workers };

std::string to_string(Victim victim);
std::string to_string(KilledIn place);

class RandomKills {
 public:
  // `results`: where the killed programs put their trials, which evaluate every `evaluation_period_steps`.
  RandomKills(uint64_t seed, std::filesystem::path results, int64_t evaluation_period_steps)
      : random_(seed), results_(std::move(results)), evaluation_period_steps_(evaluation_period_steps) {}

  // Seconds up to `longest`.
  double moment(double longest) { return std::uniform_real_distribution<double>(0, longest)(random_); }

  // One time in two waits a little for a worker that evaluates or writes a checkpoint, which few moments
  // meet.
  void aim(Program& program);

  // SIGKILL to a victim that is drawn, then waits until none of what was to die is left. What has ended by
  // itself in the meantime is no kill. Does nothing while a trial's workers have died twice without getting
  // further: a third time is taken for the submission's fault and ends the trial (trial_runner.cpp).
  void kill(Program& program);

  int64_t kills() const { return kills_; }
  std::string summary() const;  // "10 kills: 3 of worker in step, …"

 private:
  KilledIn place_of(pid_t worker) const;
  void count(Victim victim, KilledIn place);

  std::mt19937_64 random_;
  std::filesystem::path results_;
  int64_t evaluation_period_steps_;
  int64_t kills_ = 0;
  std::map<std::string, int64_t> counts_;
};

}  // namespace timetrial

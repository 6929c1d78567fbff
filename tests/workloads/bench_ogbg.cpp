// The parts of ogbg around the model: mean average precision beside scikit-learn on as many scores as
// ogbg-molpcba's validation split has, and reading and batching files in the official format. scikit-learn is
// what `python3` in PATH finds; without it that benchmark is skipped.

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include <benchmark/benchmark.h>
#include <unistd.h>

#include "ogbg_files.h"
#include "workloads/data/child_process.h"
#include "workloads/data/prefetching_loader.h"
#include "workloads/metrics/mean_average_precision.h"
#include "workloads/ogbg/molecule_source.h"
#include "workloads/ogbg/task_counts.h"

namespace timetrial {
namespace {

constexpr size_t kRows = 43793;
constexpr size_t kTasks = kFullTasks;

struct Scores {
  // Labels as in molpcba: four tenths of the entries labelled, one in seventy positive; scores that know
  // something.
  Scores() {
    uint64_t state = 1;
    const auto draw = [&state] {
      return static_cast<float>(split_mix_bits(state += kSplitMixIncrement) >> 40) * 0x1p-24f;
    };
    for (size_t i = 0; i < kRows * kTasks; ++i) {
      labelled.push_back(draw() < 0.4f ? 1.0f : 0.0f);
      labels.push_back(labelled.back() == 1 && draw() < 0.014f ? 1.0f : 0.0f);
      scores.push_back(1 / (1 + std::exp(4 - 2 * labels.back() - 3 * draw())));
    }
  }
  TaskScores view() const { return {scores, labels, labelled, kFullTasks}; }

  std::vector<float> scores, labels, labelled;
};

const Scores& scores() {
  static const Scores made;
  return made;
}

void our_map(benchmark::State& state) {
  const TaskScores all = scores().view();
  double value = 0;
  for (auto _ : state) benchmark::DoNotOptimize(value = mean_average_precision(all));
  state.counters["mAP"] = value;
}

std::filesystem::path scratch(const std::string& name) {
  return std::filesystem::temp_directory_path() /
         ("timetrial-bench-" + name + "-" + std::to_string(getpid()));
}

void sklearn_map(benchmark::State& state) {
  const auto file = scratch("map.bin");
  std::ofstream stream(file, std::ios::binary);
  for (const auto* part : {&scores().scores, &scores().labels, &scores().labelled}) {
    stream.write(reinterpret_cast<const char*>(part->data()),
                 static_cast<std::streamsize>(part->size() * sizeof(float)));
  }
  stream.close();
  for (auto _ : state) {
    const CommandResult result =
        run_command({"python3", TIMETRIAL_SOURCE_DIR "/tests/workloads/sklearn_map.py", file,
                     std::to_string(kRows), std::to_string(kTasks)},
                    "/");
    double value = 0;
    double seconds = 0;
    if (result.exit_status != 0 || !(std::istringstream(result.output) >> value >> seconds)) {
      state.SkipWithError("python3 finds no scikit-learn; put an environment that has it first in PATH");
      break;
    }
    state.SetIterationTime(seconds);
    state.counters["mAP"] = value;
  }
  std::filesystem::remove(file);
}

class SyntheticFolder {
 public:
  explicit SyntheticFolder(int64_t molecules) : path_(scratch("ogbg")) {
    write_ogbg_files(path_, synthetic_ogbg_files(molecules, kFullTasks, 1));
  }
  SyntheticFolder(const SyntheticFolder&) = delete;
  SyntheticFolder& operator=(const SyntheticFolder&) = delete;
  ~SyntheticFolder() { std::filesystem::remove_all(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

constexpr int64_t kMolecules = 4000;

void read_files(benchmark::State& state) {
  const SyntheticFolder folder(kMolecules);
  for (auto _ : state) benchmark::DoNotOptimize(read_molecules(folder.path(), kFullTasks));
  state.counters["graphs/s"] =
      benchmark::Counter(static_cast<double>(state.iterations() * kMolecules), benchmark::Counter::kIsRate);
}

// Batches of 64 graphs of 26 nodes and 56 directed edges, as fast as the loader gives them.
void load_batches(benchmark::State& state) {
  const SyntheticFolder folder(kMolecules);
  PrefetchingLoader loader(
      std::make_unique<MoleculeSource>(
          std::make_shared<const Molecules>(read_molecules(folder.path(), kFullTasks)), 64, 1),
      static_cast<int>(state.range(0)), 8);
  int64_t graphs = 0;
  for (auto _ : state) graphs += loader.next().examples;
  state.counters["graphs/s"] = benchmark::Counter(static_cast<double>(graphs), benchmark::Counter::kIsRate);
}

BENCHMARK(our_map)->Name("ogbg/mean_average_precision/timetrial")->Unit(benchmark::kMillisecond);
BENCHMARK(sklearn_map)
    ->Name("ogbg/mean_average_precision/scikit-learn")
    ->UseManualTime()
    ->Iterations(3)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(read_files)->Name("ogbg/read_files")->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(load_batches)->Name("ogbg/loader/64_graphs")->Arg(1)->Arg(2)->ArgName("threads")->UseRealTime();

}  // namespace
}  // namespace timetrial

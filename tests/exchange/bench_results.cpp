// What bringing and scoring results costs, as a person would do it: whole programs, start-up included. Reads
// the real AlgoPerf v0.5 results in shared/golden where they are.

#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../results/made_up_trials.h"
#include "million_trials.h"

namespace timetrial {
namespace {

const std::string kGolden = TIMETRIAL_SOURCE_DIR "/../shared/golden/scoring/v05_external";

struct ProgramCost {
  bool worked = false;
  double peak_megabytes = 0;
};

ProgramCost run_timetrial(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(),
                   (std::filesystem::canonical("/proc/self/exe").parent_path() / "timetrial").string());
  std::vector<char*> words;
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(::open("/dev/null", O_WRONLY), STDOUT_FILENO);
    ::execv(words[0], words.data());
    ::_exit(127);
  }
  int status = 0;
  rusage usage{};
  ::wait4(child, &status, 0, &usage);
  return {WIFEXITED(status) && WEXITSTATUS(status) == 0, static_cast<double>(usage.ru_maxrss) / 1024};
}

// Once per iteration; `before` is not timed.
template <typename Before>
void measure(benchmark::State& state, const std::vector<std::string>& arguments, const Before& before) {
  ProgramCost cost;
  for (auto iteration : state) {
    state.PauseTiming();
    before();
    state.ResumeTiming();
    cost = run_timetrial(arguments);
    if (!cost.worked) {
      state.SkipWithError(("timetrial " + arguments.front() + " failed").c_str());
      return;
    }
  }
  state.counters["peak_MB"] = cost.peak_megabytes;
}

class RealResults : public benchmark::Fixture {
 public:
  void SetUp(benchmark::State& state) override {
    if (std::filesystem::exists(kGolden + ".evals.csv.gz")) return;
    state.SkipWithError("shared/golden/scoring is not beside the repository");
  }

 protected:
  std::vector<std::string> import_csv() const {
    return {"import", "csv",       kGolden + ".evals.csv.gz", "--trials", kGolden + ".trials.csv", "--db",
            file(),   "--ruleset", "algoperf-v0.5-external"};
  }
  std::string file() const { return (folder_.path() / "v05.sqlite").string(); }
  std::string tree() const { return (folder_.path() / "tree").string(); }
  void remove_file() const {
    for (const char* ending : {"", "-wal", "-shm"}) std::filesystem::remove(file() + ending);
  }
  void import_unless_there() const {
    if (!std::filesystem::exists(file())) run_timetrial(import_csv());
  }

  ScratchDirectory folder_;
};

// 221,660 evaluations.
BENCHMARK_DEFINE_F(RealResults, import_csv)(benchmark::State& state) {
  measure(state, import_csv(), [this] { remove_file(); });
  state.counters["rows"] = benchmark::Counter(221660, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK_REGISTER_F(RealResults, import_csv)->Unit(benchmark::kMillisecond)->UseRealTime();

BENCHMARK_DEFINE_F(RealResults, export_algoperf)(benchmark::State& state) {
  import_unless_there();
  measure(state, {"export", "algoperf", tree(), "--db", file()},
          [this] { std::filesystem::remove_all(tree()); });
}
BENCHMARK_REGISTER_F(RealResults, export_algoperf)->Unit(benchmark::kMillisecond)->UseRealTime();

BENCHMARK_DEFINE_F(RealResults, import_algoperf_tree)(benchmark::State& state) {
  import_unless_there();
  run_timetrial({"export", "algoperf", tree(), "--db", file()});
  const std::string other = (folder_.path() / "other.sqlite").string();
  measure(state, {"import", "algoperf", tree(), "--db", other, "--ruleset", "algoperf-v0.5-external"}, [&] {
    for (const char* ending : {"", "-wal", "-shm"}) std::filesystem::remove(other + ending);
  });
}
BENCHMARK_REGISTER_F(RealResults, import_algoperf_tree)->Unit(benchmark::kMillisecond)->UseRealTime();

BENCHMARK_DEFINE_F(RealResults, score)(benchmark::State& state) {
  import_unless_there();
  measure(state, {"score", "--db", file(), "--replicates", std::to_string(state.range(0))}, [] {});
}
BENCHMARK_REGISTER_F(RealResults, score)
    ->ArgName("replicates")
    ->Arg(0)
    ->Arg(1000)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

// Written once for all benchmarks of it.
struct LargeFile {
  ScratchDirectory folder;
  LargeField field;
  std::string path = (folder.path() / "large.sqlite").string();
  LargeFile() { write_large_field(path, field); }
};

void score_a_million_trials(benchmark::State& state) {
  static const LargeFile large;
  const auto& [folder, field, file] = large;
  std::string workloads;
  for (int64_t i = 0; i < field.workloads; ++i)
    workloads += (i == 0 ? "" : ",") + ("workload_" + std::to_string(i));
  measure(state,
          {"score", "--db", file, "--ruleset", "demo", "--trials-of", "large", "--workloads", workloads,
           "--replicates", std::to_string(state.range(0))},
          [] {});
  state.counters["trials"] = static_cast<double>(field.trials());
  state.counters["file_MB"] = static_cast<double>(std::filesystem::file_size(file)) / (1 << 20);
}
BENCHMARK(score_a_million_trials)
    ->ArgName("replicates")
    ->Arg(0)
    ->Arg(1000)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();

}  // namespace
}  // namespace timetrial

BENCHMARK_MAIN();

// Whether reading data keeps up with training: rows per second of the Criteo parser and of the prefetching
// loader, next to what the model consumes in the same run. The ratio counters say how many times faster the
// data comes than it goes. Needs the mini data sets: TIMETRIAL_DATA names the data directory.

#include <chrono>
#include <cstdlib>
#include <functional>
#include <map>
#include <string>

#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include "workloads/criteo1tb/criteo_source.h"
#include "workloads/criteo1tb/day_files.h"
#include "workloads/data/prefetching_loader.h"
#include "workloads/data/whole_file.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

constexpr int kLoaderThreads = 1;
constexpr int kLoaderDepth = 8;

std::filesystem::path data_directory() {
  const char* folder = std::getenv("TIMETRIAL_DATA");
  return folder != nullptr ? folder : "";
}

bool skip_without(benchmark::State& state, const std::string& workload) {
  if (!data_directory().empty() &&
      std::filesystem::exists(data_directory() / workload / "mini" / "manifest.json")) {
    return false;
  }
  state.SkipWithError(("TIMETRIAL_DATA names no data directory with " + workload + "/mini").c_str());
  return true;
}

std::unique_ptr<Workload> mini(const std::string& name) {
  WorkloadOptions options;
  options.tier = Tier::mini;
  options.data_directory = data_directory();
  auto workload = make_workload(name, options);
  workload->build_model(1);
  return workload;
}

std::unique_ptr<PrefetchingLoader> open_loader(Workload& workload, int64_t batch_size) {
  return std::make_unique<PrefetchingLoader>(workload.training_data(batch_size, 1), kLoaderThreads,
                                             kLoaderDepth);
}

// Batches as fast as the loader gives them, nothing else running.
void loader_rows(benchmark::State& state, const std::string& name, int64_t batch_size) {
  if (skip_without(state, name)) return;
  const auto workload = mini(name);
  const auto loader = open_loader(*workload, batch_size);
  for (auto _ : state) benchmark::DoNotOptimize(loader->next());
  state.counters["rows/s"] =
      benchmark::Counter(static_cast<double>(state.iterations() * batch_size), benchmark::Counter::kIsRate);
}

struct Training {
  explicit Training(Workload& trained) : workload(trained) {
    for (const auto& parameter : workload.parameters()) parameters.push_back(parameter.tensor);
    for (const auto& parameter : parameters) {
      averages.push_back(torch::zeros_like(parameter));
      squares.push_back(torch::zeros_like(parameter));
      steps.push_back(torch::zeros({}));
    }
  }

  void step(const Batch& batch) {
    for (auto& parameter : parameters) parameter.mutable_grad().reset();
    workload.loss(batch, workload.forward(batch, {}), {}).mean().backward();
    const at::NoGradGuard no_grad;
    std::vector<at::Tensor> gradients;
    for (size_t i = 0; i < parameters.size(); ++i) {
      gradients.push_back(parameters[i].grad());
      steps[i].add_(1);
    }
    at::_fused_adamw_(parameters, gradients, averages, squares, {}, steps, 1e-3, 0.9, 0.999, 0.01, 1e-8,
                      false, false);
  }

  Workload& workload;
  std::vector<at::Tensor> parameters, averages, squares, steps;
};

double rows_per_second(int64_t rows, const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return static_cast<double>(rows) /
         std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Training steps fed by the loader; beside them, in the same process, the loader alone and the same step on
// one batch that is always there.
void training(benchmark::State& state, const std::string& name, int64_t batch_size) {
  if (skip_without(state, name)) return;
  constexpr int kSteps = 200;
  const auto workload = mini(name);
  Training trained(*workload);
  auto loader = open_loader(*workload, batch_size);
  for (int i = 0; i < 20; ++i) trained.step(loader->next());
  for (auto _ : state) trained.step(loader->next());

  const Batch fixed = loader->next();
  const double model = rows_per_second(kSteps * batch_size, [&] {
    for (int i = 0; i < kSteps; ++i) trained.step(fixed);
  });
  loader = open_loader(*workload, batch_size);
  loader->next();
  const double data = rows_per_second(kSteps * batch_size, [&] {
    for (int i = 0; i < kSteps; ++i) loader->next();
  });
  state.counters["rows/s"] =
      benchmark::Counter(static_cast<double>(state.iterations() * batch_size), benchmark::Counter::kIsRate);
  state.counters["model_rows/s"] = model;
  state.counters["loader_rows/s"] = data;
  state.counters["loader/model"] = data / model;
}

void parser_rows(benchmark::State& state) {
  if (skip_without(state, "criteo1tb")) return;
  const auto file = list_day_files(data_directory() / "criteo1tb" / "mini").train.front();
  const std::string bytes = read_whole_file(file);
  const auto most_rows = static_cast<size_t>(std::count(bytes.begin(), bytes.end(), '\n')) + 1;
  std::vector<float> inputs(most_rows * kCriteoInputs), labels(most_rows);
  int64_t rows = 0;
  for (auto _ : state) rows += parse_criteo_rows(bytes, {file, 0}, inputs.data(), labels.data());
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) * static_cast<int64_t>(bytes.size()));
  state.counters["rows/s"] = benchmark::Counter(static_cast<double>(rows), benchmark::Counter::kIsRate);
}

// Reading and parsing while training would go on: what the full tier does.
void streamed_rows(benchmark::State& state, int threads) {
  if (skip_without(state, "criteo1tb")) return;
  constexpr int64_t kBatch = 8192;
  PrefetchingLoader loader(
      std::make_unique<StreamedCriteoSource>(list_day_files(data_directory() / "criteo1tb" / "mini").train,
                                             kBatch, 1, AtEpochEnd::drop_remainder),
      threads, kLoaderDepth);
  for (auto _ : state) benchmark::DoNotOptimize(loader.next());
  state.counters["rows/s"] =
      benchmark::Counter(static_cast<double>(state.iterations() * kBatch), benchmark::Counter::kIsRate);
}

BENCHMARK(parser_rows)->Name("criteo1tb/parser/1_thread")->UseRealTime();
BENCHMARK_CAPTURE(streamed_rows, one, 1)->Name("criteo1tb/streamed_loader/1_thread")->UseRealTime();
BENCHMARK_CAPTURE(streamed_rows, two, 2)->Name("criteo1tb/streamed_loader/2_threads")->UseRealTime();
BENCHMARK_CAPTURE(loader_rows, criteo, "criteo1tb", 512)->Name("criteo1tb/mini_loader/512")->UseRealTime();
BENCHMARK_CAPTURE(training, criteo, "criteo1tb", 512)
    ->Name("criteo1tb/mini_training/512")
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(loader_rows, mnist, "mnist", 128)->Name("mnist/mini_loader/128")->UseRealTime();
BENCHMARK_CAPTURE(training, mnist, "mnist", 128)
    ->Name("mnist/mini_training/128")
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace timetrial

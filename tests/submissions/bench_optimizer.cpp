// Optimizer updates against the memory they must move. The candidates take turns within one measurement, so
// that a change of the machine's speed meets them all alike; medians are reported as counters:
//   <name>_GB_per_s   bytes an ideal pass moves / median time
//   <name>_percent    speed relative to the plain pass over the same streams (4 reads, 3 writes)
// `scan_ms` is the price of finding overflow and the norm; it is part of update_with_scan.

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <ATen/Parallel.h>
#include <ATen/ops/_fused_adamw.h>
#include <ATen/ops/full.h>
#include <ATen/ops/zeros_like.h>
#include <benchmark/benchmark.h>

#include "adamw_rule.h"
#include "optimizer_memory.h"
#include "paths.h"
#include "scalars.h"

namespace timetrial {
namespace {

// The plain pass: every stream of AdamW touched with next to no arithmetic.
template <typename Real>
struct PlainRule {
  static constexpr int kStates = 2;
  explicit PlainRule(const double* /*scalars*/) {}
  void operator()(Real& parameter, Real gradient, Real& first, Real& second) const {
    parameter += gradient;
    first += gradient;
    second += gradient;
  }
};

struct Workbench {
  AdamwTensors tensors;
  std::vector<at::Tensor> gradients;
  AdamwSettings settings;
  std::vector<at::Tensor> steps;
  double megabytes = 0;  // of one stream

  Workbench() {
    const auto shapes = resnet50_shapes();
    tensors.parameters = random_tensors(shapes);
    gradients = random_tensors(shapes);
    for (const at::Tensor& parameter : tensors.parameters) {
      tensors.first_moments.push_back(at::zeros_like(parameter));
      tensors.second_moments.push_back(at::zeros_like(parameter));
      steps.push_back(at::full({}, 1.0f));
      megabytes += static_cast<double>(parameter.nbytes()) * 1e-6;
    }
    tensors.scalars = make_scalars(at::kCPU);
    settings = read_settings(Hyperparameters({{"grad_clip", 1.0}}), 1000000);
  }
};

double seconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

void resnet50_update(benchmark::State& state) {
  Workbench bench;
  const int threads_before = at::get_num_threads();
  at::set_num_threads(static_cast<int>(state.range(0)));
  const AdamwTensors& tensors = bench.tensors;
  const ElementwiseUpdate engine(tensors.parameters, {tensors.first_moments, tensors.second_moments});
  scan_gradients(engine.chunks(), bench.gradients, tensors.scalars);
  prepare_scalars(bench.settings, tensors.scalars);

  const std::map<std::string, std::function<void()>> candidates = {
      {"plain", [&] { engine.apply<PlainRule>(bench.gradients, tensors.scalars); }},
      {"update", [&] { engine.apply<AdamwRule>(bench.gradients, tensors.scalars); }},
      {"update_with_scan", [&] { update_fused(bench.settings, engine, tensors, bench.gradients); }},
      {"scan", [&] { scan_gradients(engine.chunks(), bench.gradients, tensors.scalars); }},
      {"at_fused_adamw",
       [&] {
         at::_fused_adamw_(tensors.parameters, bench.gradients, tensors.first_moments, tensors.second_moments,
                           {}, bench.steps, 1e-3, 0.9, 0.999, 0.1, 1e-8, false, false);
       }},
  };
  std::map<std::string, std::vector<double>> times;
  for (auto _ : state) {
    for (const auto& [name, work] : candidates) times[name].push_back(seconds(work));
    // The plain pass grows without bound; start from the same values every round.
    state.PauseTiming();
    for (std::size_t i = 0; i < tensors.parameters.size(); ++i) {
      tensors.parameters[i].fill_(0.01);
      tensors.first_moments[i].zero_();
      tensors.second_moments[i].zero_();
    }
    state.ResumeTiming();
  }
  at::set_num_threads(threads_before);

  const double plain = median(times["plain"]);
  for (const auto& [name, samples] : times) {
    const double typical = median(samples);
    state.counters[name + "_ms"] = typical * 1e3;
    if (name == "scan") continue;
    state.counters[name + "_GB_per_s"] = 7 * bench.megabytes * 1e-3 / typical;
    state.counters[name + "_percent"] = 100 * plain / typical;
  }
  state.counters["scan_GB_per_s"] = bench.megabytes * 1e-3 / median(times["scan"]);
}
BENCHMARK(resnet50_update)->ArgName("threads")->Arg(1)->Arg(2)->Iterations(60)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace timetrial

// A training step of every workload's full model, and where its time goes: making the batch (on one thread,
// as a loader thread does, beside the training), forward and loss, backward, update. Medians, milliseconds.
// Beside them, in the same run, what the machine does at best: a copy and a matrix product.
//
// CPU tensors come from the caching allocator, as in a trial; TIMETRIAL_HOST_ALLOCATOR=system has LibTorch's
// own.
//
// The data is made up in the official formats. The shapes are small enough for two cores; ratios of one run
// mean something, milliseconds of different runs do not.

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include "full_data_sets.h"
#include "harness/machine/machine.h"
#include "harness/memory/installed_allocator.h"
#include "workloads/criteo1tb/dlrm.h"
#include "workloads/data/single_threaded.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

constexpr int kWarmUpSteps = 2;

double now_ms() {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

// AdamW over all parameters in one call of LibTorch's fused kernel.
class Updater {
 public:
  explicit Updater(std::vector<at::Tensor> parameters) : parameters_(std::move(parameters)) {
    for (const at::Tensor& parameter : parameters_) {
      averages_.push_back(torch::zeros_like(parameter));
      squares_.push_back(torch::zeros_like(parameter));
      steps_.push_back(torch::zeros({}));
    }
  }

  void forget_gradients() {
    for (at::Tensor& parameter : parameters_) parameter.mutable_grad().reset();
  }

  void update() {
    const at::NoGradGuard no_grad;
    std::vector<at::Tensor> gradients;
    for (size_t i = 0; i < parameters_.size(); ++i) {
      gradients.push_back(parameters_[i].grad());
      steps_[i].add_(1);
    }
    at::_fused_adamw_(parameters_, gradients, averages_, squares_, {}, steps_, 1e-3, 0.9, 0.999, 0.01, 1e-8,
                      false, false);
  }

 private:
  std::vector<at::Tensor> parameters_, averages_, squares_, steps_;
};

struct Phases {
  std::vector<double> data, forward, backward, update;
};

void report(benchmark::State& state, const Phases& phases) {
  const double step = median(phases.forward) + median(phases.backward) + median(phases.update);
  state.counters["data_ms"] = median(phases.data);
  state.counters["forward_loss_ms"] = median(phases.forward);
  state.counters["backward_ms"] = median(phases.backward);
  state.counters["update_ms"] = median(phases.update);
  state.counters["steps/s"] = 1000 / step;
  state.counters["data/step"] = median(phases.data) / step;
  state.counters["resident_MiB"] = static_cast<double>(peak_resident_bytes() >> 20);
}

Batch made_on_a_loader_thread(BatchSource& source) {
  Batch batch;
  std::thread([&batch, task = source.next_task()] {
    use_one_thread_here();
    batch = task();
  }).join();
  return batch;
}

// `loss_of`: forward and mean loss of a batch.
void run_steps(benchmark::State& state, BatchSource& source, std::vector<at::Tensor> parameters,
               const std::function<at::Tensor(const Batch&)>& loss_of) {
  Updater updater(std::move(parameters));
  Phases phases;
  const auto step = [&](bool counts) {
    const double begin = now_ms();
    const Batch batch = made_on_a_loader_thread(source);
    const double made = now_ms();
    updater.forget_gradients();
    const double ready = now_ms();
    const at::Tensor loss = loss_of(batch);
    const double forward = now_ms();
    loss.backward();
    const double backward = now_ms();
    updater.update();
    const double updated = now_ms();
    if (!counts) return;
    phases.data.push_back(made - begin);
    phases.forward.push_back(forward - ready);
    phases.backward.push_back(backward - forward);
    phases.update.push_back(updated - backward);
  };
  for (int i = 0; i < kWarmUpSteps; ++i) step(false);
  for (auto _ : state) step(true);
  report(state, phases);
}

std::vector<at::Tensor> tensors_of(const ParameterList& parameters) {
  std::vector<at::Tensor> tensors;
  for (const Parameter& parameter : parameters) tensors.push_back(parameter.tensor);
  return tensors;
}

void full_steps(benchmark::State& state, const FullDataSet& data_set) {
  const MadeUpDataSet data(data_set);
  WorkloadOptions options;
  options.data_directory = data.directory();
  const auto workload = make_workload(data_set.workload, options);
  workload->build_model(1);
  const auto source = workload->training_data(data_set.batch_size, 1);
  run_steps(state, *source, tensors_of(workload->parameters()), [&](const Batch& batch) {
    return workload->loss(batch, workload->forward(batch, {}), {}).mean();
  });
}

// The full network on a table that fits into few caches: what is left when the table's size is not the issue.
void criteo_small_table_steps(benchmark::State& state, const FullDataSet& data_set) {
  const MadeUpDataSet data(data_set);
  WorkloadOptions options;
  options.data_directory = data.directory();
  const auto workload = make_workload(data_set.workload, options);
  const auto source = workload->training_data(data_set.batch_size, 1);
  DlrmConfig config = dlrm_config(false, "");
  config.table_rows = 65536;
  Dlrm dlrm(config, at::TensorOptions(), at::detail::createCPUGenerator(1));
  run_steps(state, *source, dlrm.parameters(), [&](const Batch& batch) {
    return workload->loss(batch, dlrm.forward(batch.at("inputs"), 0), {}).mean();
  });
}

void machine_copy(benchmark::State& state) {
  const at::Tensor from = torch::ones({1 << 26});
  at::Tensor to = torch::zeros({1 << 26});
  for (auto _ : state) to.copy_(from);
  state.SetBytesProcessed(state.iterations() * 2 * static_cast<int64_t>(from.nbytes()));
}

void machine_matrix_product(benchmark::State& state) {
  constexpr int64_t kSide = 2048;
  const at::Tensor a = torch::ones({kSide, kSide});
  at::Tensor c = torch::zeros({kSide, kSide});
  for (auto _ : state) at::mm_out(c, a, a);
  state.counters["FLOP/s"] = benchmark::Counter(
      2.0 * kSide * kSide * kSide * static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}

void register_all() {
  const auto timed = [](benchmark::internal::Benchmark* entry, double seconds) {
    entry->UseRealTime()->MinTime(seconds)->Unit(benchmark::kMillisecond);
  };
  timed(benchmark::RegisterBenchmark("machine/copy", machine_copy), 1);
  timed(benchmark::RegisterBenchmark("machine/matrix_product", machine_matrix_product), 1);
  for (const FullDataSet& data_set : full_data_sets()) {
    timed(benchmark::RegisterBenchmark(("steps/" + data_set.workload).c_str(),
                                       [&data_set](benchmark::State& state) { full_steps(state, data_set); }),
          8);
    if (data_set.workload != "criteo1tb") continue;
    timed(benchmark::RegisterBenchmark(
              "steps/criteo1tb_65536_rows",
              [&data_set](benchmark::State& state) { criteo_small_table_steps(state, data_set); }),
          4);
  }
}

}  // namespace
}  // namespace timetrial

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  const char* choice = std::getenv("TIMETRIAL_HOST_ALLOCATOR");
  if (choice == nullptr || std::string(choice) != "system") timetrial::install_caching_allocator(0);
  timetrial::register_all();
  benchmark::RunSpecifiedBenchmarks();
}

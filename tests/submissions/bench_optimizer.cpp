// Optimizer updates of ResNet-50's parameters against the memory they must move. Each submission takes turns
// with a plain pass, which touches parameters, gradients and as many states with next to no arithmetic, so
// that a change of the machine's speed meets both alike; medians are reported as counters:
//   ms             one update through the library, gradients at hand
//   GB_per_s       bytes an ideal update moves / time
//   percent        of the plain pass's bandwidth
// Beside them LibTorch's own: `adamw` is at::_fused_adamw_, and AdamW out of at::_foreach_ operations.

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>

#include "given_gradients.h"
#include "optimizer_memory.h"
#include "submission_table.h"
#include "timetrial/elementwise_update.h"

namespace timetrial {
namespace {

template <int states>
struct Plain {
  template <typename Real>
  struct Rule {
    static constexpr int kStates = states;
    explicit Rule(const double* /*scalars*/) {}
    template <typename... States>
    void operator()(Real& parameter, Real gradient, States&... state) const {
      parameter += gradient;
      ((state += gradient), ...);
    }
  };
};

// The parameters of a model whose gradients stay as they are.
class FixedGradients : public GivenGradients {
 public:
  FixedGradients() {
    for (const at::Tensor& tensor : random_tensors(resnet50_shapes())) {
      parameters.push_back({"p", tensor.requires_grad_(), ParameterKind::weight, false});
      parameters.back().tensor.mutable_grad() = at::randn(tensor.sizes()).mul_(0.01);
    }
  }
  void give(int64_t /*step*/) override {}

  double gigabytes() const {  // of one stream
    double bytes = 0;
    for (const Parameter& parameter : parameters) bytes += static_cast<double>(parameter.tensor.nbytes());
    return bytes * 1e-9;
  }
  std::vector<at::Tensor> gradients() const {
    std::vector<at::Tensor> tensors;
    for (const Parameter& parameter : parameters) tensors.push_back(parameter.tensor.grad());
    return tensors;
  }
  std::vector<at::Tensor> zeros() const {
    std::vector<at::Tensor> tensors;
    for (const Parameter& parameter : parameters) {
      tensors.push_back(at::zeros_like(parameter.tensor.detach()));
    }
    return tensors;
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

std::function<void()> plain_pass(const FixedGradients& problem, int states) {
  std::vector<std::vector<at::Tensor>> tensors;
  for (int k = 0; k < states; ++k) tensors.push_back(problem.zeros());
  const ElementwiseUpdate update(problem.zeros(), tensors);
  const at::Tensor scalars = at::zeros({1}, at::kDouble);
  return [update, scalars, states, gradients = problem.gradients()] {
    if (states == 1) update.apply<Plain<1>::Rule>(gradients, scalars);
    if (states == 2) update.apply<Plain<2>::Rule>(gradients, scalars);
    if (states == 3) update.apply<Plain<3>::Rule>(gradients, scalars);
  };
}

// AdamW as PyTorch composes it by default.
std::function<void()> foreach_adamw(const FixedGradients& problem) {
  return [parameters = problem.zeros(), gradients = problem.gradients(), first = problem.zeros(),
          second = problem.zeros()] {
    at::_foreach_mul_(parameters, 1 - 1e-3 * 0.1);
    at::_foreach_lerp_(first, gradients, 0.1);
    at::_foreach_mul_(second, 0.999);
    at::_foreach_addcmul_(second, gradients, gradients, 0.001);
    std::vector<at::Tensor> denominator = at::_foreach_sqrt(second);
    at::_foreach_add_(denominator, 1e-8);
    at::_foreach_addcdiv_(parameters, first, denominator, -1e-3);
  };
}

void report(benchmark::State& state, const FixedGradients& problem, const MemoryTraffic& traffic, int states,
            const std::function<void()>& work) {
  const std::function<void()> plain = plain_pass(problem, states);
  const int threads_before = at::get_num_threads();
  at::set_num_threads(static_cast<int>(state.range(0)));
  std::vector<double> of_work, of_plain;
  for (auto _ : state) {
    of_work.push_back(seconds(work));
    of_plain.push_back(seconds(plain));
  }
  at::set_num_threads(threads_before);
  const double bandwidth = (traffic.reads + traffic.writes) * problem.gigabytes() / median(of_work);
  const double plain_bandwidth = (3 + 2 * states) * problem.gigabytes() / median(of_plain);
  state.counters["ms"] = median(of_work) * 1e3;
  state.counters["GB_per_s"] = bandwidth;
  state.counters["percent"] = 100 * bandwidth / plain_bandwidth;
}

void through_library(benchmark::State& state, const SubmissionCase& submission) {
  FixedGradients problem;
  Point point = submission.point;
  point["grad_clip"] = 0.0;  // the update alone
  TestedSubmission loaded(submission.library, point, problem.parameters, 1000000);
  int64_t index = 0;
  report(state, problem, submission.traffic, submission.states, [&] {
    GivenStep step(problem, index++);
    loaded.update(step);
  });
}

void register_benchmarks() {
  const auto with_threads = [](benchmark::internal::Benchmark* registered) {
    registered->ArgName("threads")->Arg(1)->Arg(2)->Iterations(30)->Unit(benchmark::kMillisecond);
  };
  for (const SubmissionCase& submission : submission_cases()) {
    if (submission.traffic.reads == 0) continue;
    with_threads(benchmark::RegisterBenchmark(
        submission.library.c_str(), [&submission](auto& state) { through_library(state, submission); }));
  }
  with_threads(benchmark::RegisterBenchmark("at_foreach_adamw", [](auto& state) {
    const FixedGradients problem;
    report(state, problem, {4, 3}, 2, foreach_adamw(problem));
  }));
}

}  // namespace
}  // namespace timetrial

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  timetrial::register_benchmarks();
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

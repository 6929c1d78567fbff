// Optimizer updates of ResNet-50's parameters against the memory they must move. Each submission takes turns
// with plain passes over the same streams, which read and write as many of each kind with next to no
// arithmetic, so that a change of the machine's speed meets both alike; medians are reported as counters:
//   ms             one update through the library, gradients at hand
//   GB_per_s       bytes that its passes move / time
//   percent        of the speed of the plain passes
// On a GPU (TIMETRIAL_BENCH_DEVICE=cuda) a copy within its memory that moves as many bytes stands for the
// plain passes, so percent is that of the card's bandwidth. Beside them LibTorch's own: `adamw` is
// at::_fused_adamw_, and AdamW out of at::_foreach_ operations.

#include <algorithm>
#include <exception>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <benchmark/benchmark.h>

#include "../device/bench_device.h"
#include "given_gradients.h"
#include "optimizer_memory.h"
#include "submission_table.h"
#include "timetrial/elementwise_update.h"

namespace timetrial {
namespace {

// The streams beyond one gradient and one parameter are states: first those only read, then those updated,
// then those only written.
template <int reads, int read_writes, int writes>
struct Plain {
  template <typename Real>
  struct Rule {
    static constexpr int kStates = reads - 1 + read_writes - 1 + writes;
    explicit Rule(const double* /*scalars*/) {}

    template <typename... States>
    void operator()(Real& parameter, Real gradient, States&... state) const {
      int place = 0;
      ((place++ < reads - 1 ? gradient += state : gradient), ...);
      parameter += gradient;
      place = 0;
      (update(place++, state, gradient), ...);
    }

   private:
    static void update(int place, Real& state, Real gradient) {
      if (place < reads - 1) return;
      state = place < kStates - writes ? state + gradient : gradient;
    }
  };
};

// Reads one stream.
template <typename Real>
struct PlainSum {
  static constexpr int kSums = 1;
  static constexpr bool kMeasuresParameter = false;
  void measure(Real /*parameter*/, Real gradient, Real (&terms)[kSums]) const { terms[0] = gradient; }
};

bool on_cpu() {
  return bench_device().torch_device().is_cpu();
}

// The parameters of a model whose gradients stay as they are.
class FixedGradients : public GivenGradients {
 public:
  FixedGradients() {
    for (const at::Tensor& tensor : random_tensors(resnet50_shapes())) {
      const at::Tensor parameter = tensor.to(bench_device().torch_device());
      parameters.push_back({"p", parameter.requires_grad_(), ParameterKind::weight, false});
      parameters.back().tensor.mutable_grad() = at::randn_like(parameter.detach()).mul_(0.01);
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

// Of one call among several in a row: the host runs ahead of a GPU, as in training.
double seconds(const std::function<void()>& work) {
  const int calls = on_cpu() ? 1 : 20;
  bench_device().start_segment();
  for (int i = 0; i < calls; ++i) work();
  return bench_device().drain() / calls;
}

int streams_moved(const std::vector<PassTraffic>& passes) {
  int moved = 0;
  for (const PassTraffic& pass : passes) moved += pass.moved();
  return moved;
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

template <int reads, int read_writes, int writes>
std::function<void()> plain_update(const FixedGradients& problem) {
  using Streams = Plain<reads, read_writes, writes>;
  std::vector<std::vector<at::Tensor>> states;
  for (int k = 0; k < Streams::template Rule<float>::kStates; ++k) states.push_back(problem.zeros());
  const ElementwiseUpdate update(problem.zeros(), states);
  return [update, scalars = at::zeros({1}, at::kDouble), gradients = problem.gradients()] {
    update.apply<Streams::template Rule>(gradients, scalars);
  };
}

std::function<void()> plain_read(const FixedGradients& problem) {
  const std::vector<at::Tensor> gradients = problem.gradients();
  return [gradients, chunks = ChunkList(gradients)] {
    std::vector<double> sums(chunks.size());
    chunks.for_each([&](const Chunk& chunk) {
      const float* begin = gradients[chunk.tensor].const_data_ptr<float>() + chunk.begin;
      elementwise::measure(PlainSum<float>(), chunk.elements, &sums[chunk.index], begin, begin);
    });
    benchmark::DoNotOptimize(sums.data());
  };
}

std::function<void()> plain_pass(const FixedGradients& problem, const PassTraffic& pass) {
  switch (100 * pass.reads + 10 * pass.read_writes + pass.writes) {
    case 100:
      return plain_read(problem);
    case 110:
      return plain_update<1, 1, 0>(problem);
    case 111:
      return plain_update<1, 1, 1>(problem);
    case 120:
      return plain_update<1, 2, 0>(problem);
    case 130:
      return plain_update<1, 3, 0>(problem);
    case 140:
      return plain_update<1, 4, 0>(problem);
    case 210:
      return plain_update<2, 1, 0>(problem);
    case 220:
      return plain_update<2, 2, 0>(problem);
    case 221:
      return plain_update<2, 2, 1>(problem);
    case 310:
      return plain_update<3, 1, 0>(problem);
    default:
      throw std::logic_error("no plain pass has these streams: add a line");
  }
}

// Reads half of what the passes move, and writes as much.
std::function<void()> plain_copy(const FixedGradients& problem, const std::vector<PassTraffic>& passes) {
  const auto bytes = static_cast<int64_t>(1e9 * problem.gigabytes() * streams_moved(passes) / 2);
  const at::Tensor from = at::zeros({bytes}, problem.parameters.front().tensor.options().dtype(at::kByte));
  return [from, to = at::empty_like(from)] { to.copy_(from); };
}

std::function<void()> plain_passes(const FixedGradients& problem, const std::vector<PassTraffic>& passes) {
  if (!on_cpu()) return plain_copy(problem, passes);
  std::vector<std::function<void()>> each;
  for (const PassTraffic& pass : passes) each.push_back(plain_pass(problem, pass));
  return [each] {
    for (const auto& pass : each) pass();
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

void report(benchmark::State& state, const FixedGradients& problem, const std::vector<PassTraffic>& passes,
            const std::function<void()>& work) {
  const std::function<void()> plain = plain_passes(problem, passes);
  const int threads_before = at::get_num_threads();
  at::set_num_threads(static_cast<int>(state.range(0)));
  std::vector<double> of_work, of_plain;
  for (auto _ : state) {
    of_work.push_back(seconds(work));
    of_plain.push_back(seconds(plain));
  }
  at::set_num_threads(threads_before);
  state.counters["ms"] = median(of_work) * 1e3;
  state.counters["GB_per_s"] = streams_moved(passes) * problem.gigabytes() / median(of_work);
  state.counters["percent"] = 100 * median(of_plain) / median(of_work);
}

void through_library(benchmark::State& state, const SubmissionCase& submission) {
  FixedGradients problem;
  Point point = submission.point;
  point["grad_clip"] = 0.0;  // the update alone
  TestedSubmission loaded(submission.library, point, problem.parameters, 1000000);
  int64_t index = 0;
  report(state, problem, submission.passes, [&] {
    GivenStep step(problem, index++);
    loaded.update(step);
  });
}

void register_benchmarks() {
  const auto with_threads = [](benchmark::internal::Benchmark* registered) {
    registered->ArgName("threads")->Arg(1)->Iterations(30)->Unit(benchmark::kMillisecond);
    if (on_cpu()) registered->Arg(2);
  };
  for (const SubmissionCase& submission : submission_cases()) {
    if (submission.passes.empty()) continue;
    with_threads(benchmark::RegisterBenchmark(
        submission.library.c_str(), [&submission](auto& state) { through_library(state, submission); }));
  }
  with_threads(benchmark::RegisterBenchmark("at_foreach_adamw", [](auto& state) {
    const FixedGradients problem;
    report(state, problem, {{.reads = 1, .read_writes = 3}}, foreach_adamw(problem));
  }));
}

}  // namespace
}  // namespace timetrial

int main(int argc, char** argv) try {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  timetrial::register_benchmarks();
  benchmark::RunSpecifiedBenchmarks();
  return 0;
} catch (const std::exception& error) {  // the device cannot be opened
  std::cerr << error.what() << std::endl;
  return 1;
}

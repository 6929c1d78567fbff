// The two layers of the speech models that take most of a step, against LibTorch's ordinary way: forward and
// backward, two utterances of 10 s. Ratios of one run mean something, milliseconds of different runs do not.

#include <benchmark/benchmark.h>
#include <torch/torch.h>

#include "workloads/librispeech/halving_convolution.h"
#include "workloads/librispeech_deepspeech/bidirectional_lstm.h"
#include "workloads/workload.h"

namespace timetrial {
namespace {

constexpr int64_t kExamples = 2;
constexpr int64_t kWidth = 512;

template <typename Forward>
void run(benchmark::State& state, const std::vector<at::Tensor>& inputs, const Forward& forward) {
  const at::Tensor direction = torch::randn_like(forward());
  for (auto _ : state) benchmark::DoNotOptimize(torch::autograd::grad({forward()}, inputs, {direction}));
}

// The second convolution, of a width of 512 channels.
void convolution(benchmark::State& state, bool composed) {
  const std::vector<at::Tensor> inputs = {torch::randn({kExamples, 500, 40, kWidth}).requires_grad_(),
                                          torch::randn({kWidth, kWidth, 3, 3}).requires_grad_(),
                                          torch::randn({kWidth}).requires_grad_()};
  run(state, inputs, [&] {
    return composed ? halving_convolution_composed(inputs[0], inputs[1], inputs[2])
                    : halving_convolution(inputs[0], inputs[1], inputs[2]);
  });
}

// Rows of 250 and `shorter` frames.
void recurrent(benchmark::State& state, int64_t shorter) {
  const BidirectionalLstm layer(kWidth, at::kFloat, seeded_generator(at::kCPU, 1));
  at::Tensor paddings = torch::zeros({kExamples, 250});
  paddings[1].slice(0, shorter).fill_(1);
  const FrameMask mask(paddings, at::kFloat);
  std::vector<at::Tensor> inputs = layer.parameters();
  inputs.push_back(torch::randn({kExamples, 250, kWidth}).requires_grad_());
  run(state, inputs, [&] { return layer.forward(inputs.back(), mask); });
}

// As the reference has it: packed sequences, here of equal length.
void recurrent_packed(benchmark::State& state) {
  const BidirectionalLstm layer(kWidth, at::kFloat, seeded_generator(at::kCPU, 1));
  std::vector<at::Tensor> inputs = layer.parameters();
  const std::vector<at::Tensor> weights = inputs;
  inputs.push_back(torch::randn({kExamples, 250, kWidth}).requires_grad_());
  const at::Tensor start = torch::zeros({2, kExamples, kWidth / 2});
  const at::Tensor lengths = torch::full({kExamples}, 250, at::kLong);
  run(state, inputs, [&] {
    const auto [packed, sizes] = at::_pack_padded_sequence(inputs.back(), lengths, /*batch_first=*/true);
    const at::Tensor read =
        std::get<0>(at::lstm(packed, sizes, {start, start}, weights, true, 1, 0, true, true));
    return std::get<0>(at::_pad_packed_sequence(read, sizes, true, 0, 250));
  });
}

BENCHMARK_CAPTURE(convolution, matrix_products, false)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(convolution, libtorch, true)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(recurrent, full, 250)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK_CAPTURE(recurrent, ragged, 180)->Unit(benchmark::kMillisecond)->UseRealTime();
BENCHMARK(recurrent_packed)->Unit(benchmark::kMillisecond)->UseRealTime();

}  // namespace
}  // namespace timetrial

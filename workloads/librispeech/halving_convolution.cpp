#include "workloads/librispeech/halving_convolution.h"

#include <utility>

#include <torch/torch.h>

namespace timetrial {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr int64_t kSide = 3;
constexpr int64_t kStride = 2;
// With fewer channels a matrix product is too narrow to win.
constexpr int64_t kFewestChannels = 32;

int64_t zeros_before(int64_t size) {
  return size % kStride == 0 ? 0 : 1;
}

int64_t halved(int64_t size) {
  return (size + 1) / kStride;
}

at::Tensor padded(const at::Tensor& input) {
  return at::constant_pad_nd(input, {0, 0, zeros_before(input.size(2)), 1, zeros_before(input.size(1)), 1});
}

// The input with its zeros, cut into the four phases (row parity, column parity), each an image of one row
// and one column more than the output: output (i, j) meets kernel entry (y, x) at phase (y % 2, x % 2), pixel
// (i + y / 2, j + x / 2). With pixels in one row of memory, that is the pixel number of (i, j) plus a
// constant, so that every kernel entry is one matrix product over a stretch of all pixels. The sums at the
// additional row and column have no meaning.
struct PhaseGrid {
  int64_t batch, height, width, channels;

  explicit PhaseGrid(const at::Tensor& input)
      : batch(input.size(0)), height(input.size(1)), width(input.size(2)), channels(input.size(3)) {}

  int64_t out_height() const { return halved(height); }
  int64_t out_width() const { return halved(width); }
  int64_t grid_height() const { return out_height() + 1; }
  int64_t grid_width() const { return out_width() + 1; }
  int64_t pixels() const { return batch * grid_height() * grid_width(); }
  int64_t offset(int64_t y, int64_t x) const { return y / kStride * grid_width() + x / kStride; }
  // Products start `offset` pixels into a phase; the last output lies at least the largest offset before the
  // end.
  int64_t product_rows() const { return pixels() - offset(kSide - 1, kSide - 1); }

  // Phases [4, pixels, channels] of the input and the zeros around it.
  at::Tensor phases(const at::Tensor& input) const {
    at::Tensor all = at::zeros({kStride * kStride, pixels(), channels}, input.options());
    for_each_phase(all, input, [](at::Tensor phase, const at::Tensor& part) { phase.copy_(part); });
    return all;
  }

  // The other way round.
  at::Tensor input_of(const at::Tensor& phases) const {
    at::Tensor input = at::empty({batch, height, width, channels}, phases.options());
    for_each_phase(phases, input, [](const at::Tensor& phase, at::Tensor part) { part.copy_(phase); });
    return input;
  }

  // Grid rows [pixels, out] -> the outputs among them
  at::Tensor outputs(const at::Tensor& grid) const {
    return grid.view({batch, grid_height(), grid_width(), grid.size(1)})
        .narrow(1, 0, out_height())
        .narrow(2, 0, out_width());
  }

  // The other way round, zeros at what has no meaning.
  at::Tensor grid(const at::Tensor& outputs) const {
    return at::constant_pad_nd(outputs, {0, 0, 0, 1, 0, 1}).view({pixels(), outputs.size(3)});
  }

 private:
  // Which rows (or columns) of the input a phase holds: every second from `first` on, from its row `place`
  // on.
  struct Share {
    int64_t first, place, count;
  };
  static Share share(int64_t size, int64_t parity) {
    const int64_t place = parity < zeros_before(size) ? 1 : 0;
    const int64_t first = place * kStride + parity - zeros_before(size);
    return {first, place, (size - first + 1) / kStride};
  }

  // Visits what each phase shares with the input: views [batch, rows, columns, channels] of both.
  template <typename Visit>
  void for_each_phase(const at::Tensor& phases, const at::Tensor& input, const Visit& visit) const {
    for (int64_t phase = 0; phase < kStride * kStride; ++phase) {
      const Share rows = share(height, phase / kStride), columns = share(width, phase % kStride);
      visit(phases[phase]
                .view({batch, grid_height(), grid_width(), channels})
                .narrow(1, rows.place, rows.count)
                .narrow(2, columns.place, columns.count),
            input.slice(1, rows.first, std::nullopt, kStride).slice(2, columns.first, std::nullopt, kStride));
    }
  }
};

// Visits the nine kernel entries: the phase each meets, how many pixels into it, and where it stands.
template <typename Visit>
void for_each_entry(const PhaseGrid& shape, const Visit& visit) {
  for (int64_t y = 0; y < kSide; ++y) {
    for (int64_t x = 0; x < kSide; ++x) {
      visit(y % kStride * kStride + x % kStride, shape.offset(y, x), y, x);
    }
  }
}

// The kernel [out, in, 3, 3] as nine matrices in a row: [3, 3, out, in]
at::Tensor kernel_entries(const at::Tensor& kernel) {
  return kernel.permute({2, 3, 0, 1}).contiguous();
}

class HalvingConvolution : public torch::autograd::Function<HalvingConvolution> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& input, const at::Tensor& kernel,
                            const at::Tensor& bias) {
    context->save_for_backward({input, kernel, bias});
    const PhaseGrid shape(input);
    const at::Tensor phases = shape.phases(input);
    const int64_t rows = shape.product_rows();
    const at::Tensor grid = bias.expand({shape.pixels(), bias.size(0)}).contiguous();
    const at::Tensor entries = kernel_entries(kernel);
    at::Tensor sums = grid.narrow(0, 0, rows);
    for_each_entry(shape, [&](int64_t phase, int64_t offset, int64_t y, int64_t x) {
      sums.addmm_(phases[phase].narrow(0, offset, rows), entries[y][x].t());
    });
    return shape.outputs(grid).contiguous();
  }

  static variable_list backward(AutogradContext* context, variable_list out_gradients) {
    const auto saved = context->get_saved_variables();
    if (at::GradMode::is_enabled()) {  // repeats the forward pass with operations that autograd follows
      return torch::autograd::grad({halving_convolution_composed(saved[0], saved[1], saved[2])},
                                   {saved[0], saved[1], saved[2]}, {out_gradients.front()},
                                   /*retain_graph=*/true, /*create_graph=*/true);
    }
    const PhaseGrid shape(saved[0]);
    const int64_t rows = shape.product_rows();
    const at::Tensor gradient = shape.grid(out_gradients.front()).narrow(0, 0, rows);
    return {context->needs_input_grad(0) ? input_gradient(shape, saved[1], gradient) : at::Tensor(),
            kernel_gradient(shape, saved[0], saved[1], gradient), gradient.sum(0)};
  }

 private:
  static at::Tensor input_gradient(const PhaseGrid& shape, const at::Tensor& kernel,
                                   const at::Tensor& gradient) {
    at::Tensor phases = at::zeros({kStride * kStride, shape.pixels(), shape.channels}, gradient.options());
    const at::Tensor entries = kernel_entries(kernel);
    for_each_entry(shape, [&](int64_t phase, int64_t offset, int64_t y, int64_t x) {
      phases[phase].narrow(0, offset, gradient.size(0)).addmm_(gradient, entries[y][x]);
    });
    return shape.input_of(phases);
  }

  static at::Tensor kernel_gradient(const PhaseGrid& shape, const at::Tensor& input, const at::Tensor& kernel,
                                    const at::Tensor& gradient) {
    const at::Tensor phases = shape.phases(input);
    at::Tensor result = at::empty({kSide, kSide, kernel.size(0), kernel.size(1)}, kernel.options());
    for_each_entry(shape, [&](int64_t phase, int64_t offset, int64_t y, int64_t x) {
      at::Tensor entry = result[y][x];
      at::mm_out(entry, gradient.t(), phases[phase].narrow(0, offset, gradient.size(0)));
    });
    return result.permute({2, 3, 0, 1}).contiguous();
  }
};

// One channel: the nine pixels under the kernel, side by side, meet it in one matrix product.
at::Tensor single_channel_convolution(const at::Tensor& input, const at::Tensor& kernel,
                                      const at::Tensor& bias) {
  const at::Tensor pixels = padded(input).unfold(1, kSide, kStride).unfold(2, kSide, kStride);
  return at::linear(pixels.flatten(3), kernel.flatten(1), bias);
}

}  // namespace

at::Tensor halving_convolution(const at::Tensor& input, const at::Tensor& kernel, const at::Tensor& bias) {
  if (input.is_cpu() && input.size(3) == 1) return single_channel_convolution(input, kernel, bias);
  if (input.is_cpu() && input.size(3) >= kFewestChannels) {
    return HalvingConvolution::apply(input, kernel, bias);
  }
  return halving_convolution_composed(input, kernel, bias);
}

at::Tensor halving_convolution_composed(const at::Tensor& input, const at::Tensor& kernel,
                                        const at::Tensor& bias) {
  return at::conv2d(padded(input).permute({0, 3, 1, 2}), kernel, bias, kStride).permute({0, 2, 3, 1});
}

}  // namespace timetrial

#include <numeric>

#include <torch/torch.h>

#include "workloads/graph_export/rules.h"

namespace timetrial {
namespace {

// What convolution and its gradient have among their arguments. Images are [batch, features, spatial …],
// kernels [outputs, inputs / groups, spatial …], those of a transposed one [inputs, outputs / groups, spatial
// …].
struct Settings {
  std::vector<int64_t> stride;
  std::vector<int64_t> padding;
  std::vector<int64_t> dilation;
  bool transposed;
  std::vector<int64_t> output_padding;
  int64_t groups;
};

// One number stands for all spatial dimensions.
std::vector<int64_t> for_each(std::vector<int64_t> values, size_t count) {
  if (values.size() == 1) values.resize(count, values.front());
  return values;
}

Settings settings_from(const Translation& call, size_t first, size_t count) {
  return {for_each(call.integers(first), count),     for_each(call.integers(first + 1), count),
          for_each(call.integers(first + 2), count), call.truth(first + 3),
          for_each(call.integers(first + 4), count), call.integer(first + 5)};
}

std::vector<int64_t> spatial(const std::vector<int64_t>& sizes) {
  return {sizes.begin() + 2, sizes.end()};
}

std::vector<int64_t> spatial_dimensions(size_t count) {
  std::vector<int64_t> dimensions(count);
  std::iota(dimensions.begin(), dimensions.end(), int64_t{2});
  return dimensions;
}

int64_t volume(const std::vector<int64_t>& sizes) {
  return std::accumulate(sizes.begin(), sizes.end(), int64_t{1}, std::multiplies<>());
}

// 2 for each product of the forward direction; both gradients make as many. `small`: the image of which every
// element meets every place of the kernel, the result or a transposed convolution's input; its features are
// the kernel's first dimension.
int64_t flops_of(const Shape& small, const Shape& kernel) {
  return 2 * elements_of(small) * (volume(kernel.dimensions) / kernel.dimensions.at(0));
}

ConvolutionDimensions numbers(size_t count, int64_t kernel_input, int64_t kernel_output) {
  return {.input_batch = 0,
          .input_feature = 1,
          .input_spatial = spatial_dimensions(count),
          .kernel_input_feature = kernel_input,
          .kernel_output_feature = kernel_output,
          .kernel_spatial = spatial_dimensions(count),
          .output_batch = 0,
          .output_feature = 1};
}

// A window that shrinks `large` to `small`: of a convolution, and of the input's gradient of a transposed
// one.
std::vector<WindowDimension> shrinking(const Settings& settings, const std::vector<int64_t>& kernel) {
  std::vector<WindowDimension> window;
  for (size_t i = 0; i < kernel.size(); ++i) {
    window.push_back({.size = kernel[i],
                      .stride = settings.stride[i],
                      .padding_low = settings.padding[i],
                      .padding_high = settings.padding[i],
                      .window_dilation = settings.dilation[i]});
  }
  return window;
}

// The opposite: the small image is spread out by the stride and met by the reversed kernel.
std::vector<WindowDimension> spreading(const Settings& settings, const std::vector<int64_t>& kernel,
                                       const std::vector<int64_t>& small, const std::vector<int64_t>& large) {
  std::vector<WindowDimension> window;
  for (size_t i = 0; i < kernel.size(); ++i) {
    const int64_t reach = settings.dilation[i] * (kernel[i] - 1);
    const int64_t spread = (small[i] - 1) * settings.stride[i] + 1;
    const int64_t low = reach - settings.padding[i];
    window.push_back({.size = kernel[i],
                      .padding_low = low,
                      .padding_high = large[i] + reach - spread - low,
                      .window_dilation = settings.dilation[i],
                      .base_dilation = settings.stride[i],
                      .reversed = true});
  }
  return window;
}

// The kernel's gradient: the large image is met by the small one, whose elements lie a stride apart.
std::vector<WindowDimension> correlating(const Settings& settings, const std::vector<int64_t>& kernel,
                                         const std::vector<int64_t>& small,
                                         const std::vector<int64_t>& large) {
  std::vector<WindowDimension> window;
  for (size_t i = 0; i < kernel.size(); ++i) {
    const int64_t spread = (small[i] - 1) * settings.stride[i] + 1;
    const int64_t needed = settings.dilation[i] * (kernel[i] - 1) + spread;
    window.push_back({.size = small[i],
                      .stride = settings.dilation[i],
                      .padding_low = settings.padding[i],
                      .padding_high = needed - large[i] - settings.padding[i],
                      .window_dilation = settings.stride[i]});
  }
  return window;
}

int32_t add_convolution(Translation& call, std::vector<int32_t> operands, const Shape& output,
                        std::vector<WindowDimension> window, ConvolutionDimensions dimensions,
                        int64_t feature_groups, int64_t batch_groups, int64_t flops) {
  GraphNode node{.opcode = Opcode::convolution, .operands = std::move(operands), .output = output};
  node.window = std::move(window);
  node.convolution = std::move(dimensions);
  node.feature_group_count = feature_groups;
  node.batch_group_count = batch_groups;
  return call.add(std::move(node), OutputKind::computed, flops);
}

// convolution(input, weight, bias, stride, padding, dilation, transposed, output padding, groups)
void convolution(Translation& call) {
  const int32_t input = call.node(0);
  const int32_t weight = call.node(1);
  const Shape image = call.shape_of_node(input);
  const Shape kernel = call.shape_of_node(weight);
  const Shape output = call.shape();
  const std::vector<int64_t> sizes = spatial(kernel.dimensions);
  const Settings settings = settings_from(call, 3, sizes.size());
  const auto window = settings.transposed
                          ? spreading(settings, sizes, spatial(image.dimensions), spatial(output.dimensions))
                          : shrinking(settings, sizes);
  const auto dimensions = settings.transposed ? numbers(sizes.size(), 0, 1) : numbers(sizes.size(), 1, 0);
  int32_t result = add_convolution(call, {input, weight}, output, window, dimensions, settings.groups, 1,
                                   flops_of(settings.transposed ? image : output, kernel));
  if (call.has_tensor(2)) {
    const int32_t bias = call.broadcast_at(call.node(2), output.dimensions, {1});
    result = call.elementwise(Opcode::add, output, {result, bias});
  }
  call.write(result);
}

// convolution_backward(gradient, input, weight, bias sizes, stride, padding, dilation, transposed, output
// padding, groups, wanted)
void convolution_gradient(Translation& call) {
  const int32_t gradient = call.node(0);
  const int32_t input = call.node(1);
  const int32_t weight = call.node(2);
  const Shape kernel = call.shape_of_node(weight);
  const std::vector<int64_t> sizes = spatial(kernel.dimensions);
  const Settings settings = settings_from(call, 4, sizes.size());
  const bool transposed = settings.transposed;
  const Shape small = call.shape_of_node(transposed ? input : gradient);
  const Shape large = call.shape_of_node(transposed ? gradient : input);
  const int64_t flops = flops_of(small, kernel);
  if (call.has_output(0)) {
    const auto window =
        transposed ? shrinking(settings, sizes)
                   : spreading(settings, sizes, spatial(small.dimensions), spatial(large.dimensions));
    const auto dimensions = transposed ? numbers(sizes.size(), 1, 0) : numbers(sizes.size(), 0, 1);
    call.write(0, add_convolution(call, {gradient, weight}, call.shape(0), window, dimensions,
                                  settings.groups, 1, flops));
  }
  if (call.has_output(1)) {
    ConvolutionDimensions dimensions = numbers(sizes.size(), 0, 1);
    std::swap(dimensions.input_batch, dimensions.input_feature);  // the batch is what is summed over
    std::swap(dimensions.output_batch, dimensions.output_feature);
    call.write(1, add_convolution(
                      call, {transposed ? gradient : input, transposed ? input : gradient}, call.shape(1),
                      correlating(settings, sizes, spatial(small.dimensions), spatial(large.dimensions)),
                      dimensions, 1, settings.groups, flops));
  }
  if (call.has_output(2)) {
    const Shape from = call.shape_of_node(gradient);
    call.write(2, call.reduce(gradient, other_dimensions(from.dimensions.size(), {1})));
  }
}

}  // namespace

void add_convolution_rules(RuleTable& rules) {
  rules["convolution"] = convolution;
  rules["convolution_backward"] = convolution_gradient;
}

}  // namespace timetrial

#include "workloads/graph_export/meta_kernels.h"

#include <array>
#include <memory>
#include <mutex>
#include <tuple>
#include <vector>

#include <torch/torch.h>

namespace timetrial {
// Of their own, since rules have the same names.
namespace meta_kernels {
namespace {

using at::Tensor;

// The form of memory that a convolution answers in: that of its input or its kernel, if one is channels-last.
Tensor empty_image(at::IntArrayRef sizes, const Tensor& input, const Tensor& weight) {
  const auto format = input.suggest_memory_format() == at::MemoryFormat::Contiguous
                          ? weight.suggest_memory_format()
                          : input.suggest_memory_format();
  return at::empty(sizes, input.options(), format);
}

Tensor convolution(const Tensor& input, const Tensor& weight, const std::optional<Tensor>& /*bias*/,
                   at::IntArrayRef stride, at::IntArrayRef padding, at::IntArrayRef dilation, bool transposed,
                   at::IntArrayRef output_padding, int64_t groups) {
  std::vector<int64_t> sizes = {input.size(0), transposed ? weight.size(1) * groups : weight.size(0)};
  for (size_t i = 0; i + 2 < static_cast<size_t>(input.dim()); ++i) {
    const auto dimension = static_cast<int64_t>(i + 2);
    const int64_t reach = dilation[i] * (weight.size(dimension) - 1);
    const int64_t size = input.size(dimension);
    sizes.push_back(transposed ? (size - 1) * stride[i] - 2 * padding[i] + reach + output_padding[i] + 1
                               : (size + 2 * padding[i] - reach - 1) / stride[i] + 1);
  }
  return empty_image(sizes, input, weight);
}

std::tuple<Tensor, Tensor, Tensor> convolution_backward(const Tensor& gradient, const Tensor& input,
                                                        const Tensor& weight, at::IntArrayRef /*stride*/,
                                                        at::IntArrayRef /*padding*/,
                                                        at::IntArrayRef /*dilation*/, bool transposed,
                                                        at::IntArrayRef /*output_padding*/, int64_t groups,
                                                        std::array<bool, 3> wanted) {
  std::tuple<Tensor, Tensor, Tensor> gradients;
  if (wanted[0]) std::get<0>(gradients) = empty_image(input.sizes(), input, weight);
  if (wanted[1]) std::get<1>(gradients) = empty_image(weight.sizes(), weight, input);
  const int64_t features = transposed ? weight.size(1) * groups : weight.size(0);
  if (wanted[2]) std::get<2>(gradients) = at::empty({features}, gradient.options());
  return gradients;
}

Tensor index_select(const Tensor& self, int64_t dimension, const Tensor& index) {
  auto sizes = self.sizes().vec();
  if (!sizes.empty()) sizes[static_cast<size_t>(at::maybe_wrap_dim(dimension, self.dim()))] = index.numel();
  return at::empty(sizes, self.options());
}

Tensor fft_real_to_complex(const Tensor& self, at::IntArrayRef dimensions, int64_t /*normalisation*/,
                           bool one_sided) {
  auto sizes = self.sizes().vec();
  if (one_sided) {
    const auto last = static_cast<size_t>(at::maybe_wrap_dim(dimensions.back(), self.dim()));
    sizes[last] = sizes[last] / 2 + 1;
  }
  return at::empty(sizes, self.options().dtype(c10::toComplexType(self.scalar_type())));
}

using OptionalTensor = std::optional<Tensor>;

Tensor empty_vector(int64_t size, const Tensor& like) {
  return at::empty({size}, like.options());
}

std::tuple<Tensor, Tensor, Tensor> batch_norm(const Tensor& input, const OptionalTensor& /*weight*/,
                                              const OptionalTensor& /*bias*/, const OptionalTensor& /*mean*/,
                                              const OptionalTensor& /*variance*/, bool training,
                                              double /*momentum*/, double /*epsilon*/) {
  const int64_t kept = training ? input.size(1) : 0;
  return {at::empty_like(input), empty_vector(kept, input), empty_vector(kept, input)};
}

std::tuple<Tensor, Tensor, Tensor> batch_norm_backward(const Tensor& /*gradient*/, const Tensor& input,
                                                       const OptionalTensor& /*weight*/,
                                                       const OptionalTensor& /*running_mean*/,
                                                       const OptionalTensor& /*running_variance*/,
                                                       const OptionalTensor& /*mean*/,
                                                       const OptionalTensor& /*deviation*/, bool /*training*/,
                                                       double /*epsilon*/, std::array<bool, 3> wanted) {
  std::tuple<Tensor, Tensor, Tensor> gradients;
  if (wanted[0]) std::get<0>(gradients) = at::empty_like(input);
  if (wanted[1]) std::get<1>(gradients) = empty_vector(input.size(1), input);
  if (wanted[2]) std::get<2>(gradients) = empty_vector(input.size(1), input);
  return gradients;
}

std::tuple<Tensor, Tensor, Tensor> layer_norm(const Tensor& input, at::IntArrayRef normalised,
                                              const OptionalTensor& /*weight*/,
                                              const OptionalTensor& /*bias*/, double /*epsilon*/) {
  std::vector<int64_t> statistics = input.sizes().vec();
  for (size_t i = statistics.size() - normalised.size(); i < statistics.size(); ++i) statistics[i] = 1;
  return {at::empty(input.sizes(), input.options()), at::empty(statistics, input.options()),
          at::empty(statistics, input.options())};
}

std::tuple<Tensor, Tensor, Tensor> layer_norm_backward(const Tensor& /*gradient*/, const Tensor& input,
                                                       at::IntArrayRef normalised, const Tensor& /*mean*/,
                                                       const Tensor& /*deviation*/,
                                                       const OptionalTensor& /*weight*/,
                                                       const OptionalTensor& /*bias*/,
                                                       std::array<bool, 3> wanted) {
  std::tuple<Tensor, Tensor, Tensor> gradients;
  if (wanted[0]) std::get<0>(gradients) = at::empty(input.sizes(), input.options());
  if (wanted[1]) std::get<1>(gradients) = at::empty(normalised, input.options());
  if (wanted[2]) std::get<2>(gradients) = at::empty(normalised, input.options());
  return gradients;
}

Tensor& logical_and_out(const Tensor& self, const Tensor& other, Tensor& out) {
  out.resize_(at::infer_size(self.sizes(), other.sizes()));
  return out;
}

Tensor& logical_not_out(const Tensor& self, Tensor& out) {
  out.resize_(self.sizes());
  return out;
}

Tensor relu(const Tensor& self) {
  return at::empty_like(self);
}

// Of a complex number it is real.
Tensor& abs_out(const Tensor& self, Tensor& out) {
  out.resize_(self.sizes());
  return out;
}

Tensor where(const Tensor& condition, const Tensor& self, const Tensor& other) {
  return at::empty(at::infer_size(condition.sizes(), at::infer_size(self.sizes(), other.sizes())),
                   self.options().dtype(at::result_type(self, other)));
}

Tensor& where_out(const Tensor& /*condition*/, const Tensor& /*self*/, const Tensor& /*other*/, Tensor& out) {
  return out;
}

std::tuple<Tensor, Tensor> log_sigmoid(const Tensor& self) {
  return {at::empty_like(self), at::empty_like(self)};
}

Tensor log_sigmoid_backward(const Tensor& /*gradient*/, const Tensor& self, const Tensor& /*buffer*/) {
  return at::empty_like(self);
}

Tensor glu_backward(const Tensor& /*gradient*/, const Tensor& self, int64_t /*dimension*/) {
  return at::empty_like(self);
}

Tensor dense_embedding_gradient(const Tensor& gradient, const Tensor& /*indices*/, int64_t rows,
                                int64_t /*padding*/, bool /*scale*/) {
  return at::empty({rows, gradient.size(-1)}, gradient.options());
}

// Dense: sparse tensors of the meta device cannot be added.
Tensor sparse_embedding_gradient(const Tensor& gradient, const Tensor& indices, int64_t rows, int64_t padding,
                                 bool scale) {
  return dense_embedding_gradient(gradient, indices, rows, padding, scale);
}

Tensor segment_reduce(const Tensor& data, c10::string_view /*reduction*/, const OptionalTensor& lengths,
                      const OptionalTensor& /*indices*/, const OptionalTensor& offsets, int64_t axis,
                      bool /*unsafe*/, const std::optional<at::Scalar>& /*initial*/) {
  auto sizes = data.sizes().vec();
  const bool by_lengths = lengths && lengths->defined();
  sizes.at(static_cast<size_t>(axis)) = by_lengths ? lengths->size(axis) : offsets->size(axis) - 1;
  return at::empty(sizes, data.options());
}

}  // namespace
}  // namespace meta_kernels

void register_meta_kernels() {
  static std::once_flag once;
  static std::unique_ptr<torch::Library> library;
  std::call_once(once, [] {
    library = std::make_unique<torch::Library>(torch::Library::IMPL, "aten", c10::DispatchKey::Meta, __FILE__,
                                               static_cast<uint32_t>(__LINE__));
    library->impl("convolution_overrideable", &meta_kernels::convolution);
    library->impl("convolution_backward_overrideable", &meta_kernels::convolution_backward);
    library->impl("index_select", &meta_kernels::index_select);
    library->impl("native_batch_norm", &meta_kernels::batch_norm);
    library->impl("native_batch_norm_backward", &meta_kernels::batch_norm_backward);
    library->impl("native_layer_norm", &meta_kernels::layer_norm);
    library->impl("native_layer_norm_backward", &meta_kernels::layer_norm_backward);
    library->impl("logical_and.out", &meta_kernels::logical_and_out);
    library->impl("logical_not.out", &meta_kernels::logical_not_out);
    library->impl("relu", &meta_kernels::relu);
    library->impl("abs.out", &meta_kernels::abs_out);
    library->impl("where.self", &meta_kernels::where);
    library->impl("where.self_out", &meta_kernels::where_out);
    library->impl("log_sigmoid_forward", &meta_kernels::log_sigmoid);
    library->impl("log_sigmoid_backward", &meta_kernels::log_sigmoid_backward);
    library->impl("glu_backward", &meta_kernels::glu_backward);
    library->impl("embedding_dense_backward", &meta_kernels::dense_embedding_gradient);
    library->impl("embedding_sparse_backward", &meta_kernels::sparse_embedding_gradient);
    library->impl("segment_reduce", &meta_kernels::segment_reduce);
    library->impl("_fft_r2c", &meta_kernels::fft_real_to_complex);
  });
}

}  // namespace timetrial

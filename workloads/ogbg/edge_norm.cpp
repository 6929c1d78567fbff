#include "workloads/ogbg/edge_norm.h"

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <torch/torch.h>

#include "workloads/ogbg/row_kernels.h"

namespace timetrial {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Rows whose scale and shift gradients are summed together. Fixed, so that results do not depend on threads.
constexpr int64_t kRowsPerBlock = 128;

template <typename Real>
GatheredRows<Real> gathered_rows(const at::Tensor& edges, const at::Tensor& senders,
                                 const at::Tensor& receivers, const at::Tensor& sender_index,
                                 const at::Tensor& receiver_index) {
  return {edges.const_data_ptr<Real>(),
          senders.const_data_ptr<Real>(),
          receivers.const_data_ptr<Real>(),
          sender_index.const_data_ptr<int64_t>(),
          receiver_index.const_data_ptr<int64_t>(),
          edges.size(1)};
}

// Which of the saved tensors is which.
enum Saved : size_t {
  kEdges,
  kSenders,
  kReceivers,
  kScale,
  kShift,
  kSenderIndex,
  kSenderOrder,
  kSenderOffsets,
  kReceiverIndex,
  kReceiverOrder,
  kReceiverOffsets,
  kMean,
  kInverseDeviation
};

class EdgeNorm : public torch::autograd::Function<EdgeNorm> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& edges, const at::Tensor& senders,
                            const at::Tensor& receivers, const at::Tensor& scale, const at::Tensor& shift,
                            const Segments& by_sender, const Segments& by_receiver,
                            const EdgeNormOptions& options) {
    const int64_t count = edges.size(0);
    const at::Tensor out = at::empty_like(edges);
    const at::Tensor mean = at::empty({count}, edges.options());
    const at::Tensor inverse_deviation = at::empty({count}, edges.options());
    AT_DISPATCH_FLOATING_TYPES(edges.scalar_type(), "edge_norm", [&] {
      const auto rows =
          gathered_rows<scalar_t>(edges, senders, receivers, by_sender.index, by_receiver.index);
      at::parallel_for(0, count, kRowsPerBlock, [&](int64_t begin, int64_t end) {
        normalise_rows(rows, begin, end, scale.const_data_ptr<scalar_t>(), shift.const_data_ptr<scalar_t>(),
                       static_cast<scalar_t>(options.epsilon), options.relu, out.data_ptr<scalar_t>(),
                       mean.data_ptr<scalar_t>(), inverse_deviation.data_ptr<scalar_t>());
      });
    });
    context->save_for_backward({edges, senders, receivers, scale, shift, by_sender.index, by_sender.order,
                                by_sender.offsets, by_receiver.index, by_receiver.order, by_receiver.offsets,
                                mean, inverse_deviation});
    context->saved_data["epsilon"] = options.epsilon;
    context->saved_data["relu"] = options.relu;
    return out;
  }

  static variable_list backward(AutogradContext* context, variable_list out_gradients) {
    const auto saved = context->get_saved_variables();
    variable_list gradients = at::GradMode::is_enabled() ? composed(context, saved, out_gradients.front())
                                                         : fused(context, saved, out_gradients.front());
    gradients.resize(8);  // none for segments and options
    return gradients;
  }

 private:
  static Segments segments(const variable_list& saved, Saved index, Saved order, Saved offsets) {
    return {saved[index], saved[order], saved[offsets]};
  }

  static variable_list fused(AutogradContext* context, const variable_list& saved,
                             const at::Tensor& gradient) {
    const at::Tensor out_gradient = gradient.contiguous();
    const bool relu = context->saved_data["relu"].toBool();
    const int64_t count = saved[kEdges].size(0);
    const int64_t width = saved[kEdges].size(1);
    const int64_t blocks = (count + kRowsPerBlock - 1) / kRowsPerBlock;
    const at::Tensor row_gradient = at::empty_like(saved[kEdges]);
    const at::Tensor sums = at::zeros({blocks, 2, width}, saved[kEdges].options());  // for scale and shift
    AT_DISPATCH_FLOATING_TYPES(out_gradient.scalar_type(), "edge_norm_backward", [&] {
      const auto rows = gathered_rows<scalar_t>(saved[kEdges], saved[kSenders], saved[kReceivers],
                                                saved[kSenderIndex], saved[kReceiverIndex]);
      at::parallel_for(0, blocks, 1, [&](int64_t begin, int64_t end) {
        for (int64_t block = begin; block < end; ++block) {
          scalar_t* block_sums = sums.data_ptr<scalar_t>() + block * 2 * width;
          normalise_rows_backward(
              rows, block * kRowsPerBlock, std::min(count, (block + 1) * kRowsPerBlock),
              saved[kScale].const_data_ptr<scalar_t>(), saved[kShift].const_data_ptr<scalar_t>(), relu,
              saved[kMean].const_data_ptr<scalar_t>(), saved[kInverseDeviation].const_data_ptr<scalar_t>(),
              out_gradient.const_data_ptr<scalar_t>(), row_gradient.data_ptr<scalar_t>(), block_sums,
              block_sums + width);
        }
      });
    });
    const at::Tensor norm_gradients = sums.sum(0);
    return {row_gradient,
            segment_sum(row_gradient, segments(saved, kSenderIndex, kSenderOrder, kSenderOffsets)),
            segment_sum(row_gradient, segments(saved, kReceiverIndex, kReceiverOrder, kReceiverOffsets)),
            norm_gradients[0], norm_gradients[1]};
  }

  // Repeats the forward pass with operations that autograd follows.
  static variable_list composed(AutogradContext* context, const variable_list& saved,
                                const at::Tensor& gradient) {
    const at::Tensor out = edge_norm_composed(
        saved[kEdges], saved[kSenders], saved[kReceivers],
        segments(saved, kSenderIndex, kSenderOrder, kSenderOffsets),
        segments(saved, kReceiverIndex, kReceiverOrder, kReceiverOffsets), saved[kScale], saved[kShift],
        {context->saved_data["epsilon"].toDouble(), context->saved_data["relu"].toBool()});
    return torch::autograd::grad(
        {out}, {saved[kEdges], saved[kSenders], saved[kReceivers], saved[kScale], saved[kShift]}, {gradient},
        /*retain_graph=*/true, /*create_graph=*/true);
  }
};

}  // namespace

at::Tensor edge_norm_composed(const at::Tensor& edges, const at::Tensor& senders, const at::Tensor& receivers,
                              const Segments& by_sender, const Segments& by_receiver, const at::Tensor& scale,
                              const at::Tensor& shift, const EdgeNormOptions& options) {
  const at::Tensor sum = edges + gather_rows(senders, by_sender) + gather_rows(receivers, by_receiver);
  const at::Tensor normal = at::layer_norm(sum, {sum.size(1)}, scale, shift, options.epsilon);
  return options.relu ? at::relu(normal) : normal;
}

at::Tensor edge_norm(const at::Tensor& edges, const at::Tensor& senders, const at::Tensor& receivers,
                     const Segments& by_sender, const Segments& by_receiver, const at::Tensor& scale,
                     const at::Tensor& shift, const EdgeNormOptions& options) {
  return edges.is_cpu()
             ? EdgeNorm::apply(edges.contiguous(), senders.contiguous(), receivers.contiguous(), scale, shift,
                               by_sender, by_receiver, options)
             : edge_norm_composed(edges, senders, receivers, by_sender, by_receiver, scale, shift, options);
}

}  // namespace timetrial

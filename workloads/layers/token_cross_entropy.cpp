#include "workloads/layers/token_cross_entropy.h"

#include <algorithm>

#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <torch/torch.h>

#include "workloads/layers/softmax_rows.h"

namespace timetrial {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Elements of the logits that are worked on at a time where they must be copied: few enough for a cache.
constexpr int64_t kChunkElements = int64_t{1} << 20;
constexpr int64_t kRowsPerTask = 4;

int64_t rows_per_chunk(const at::Tensor& logits) {
  return std::max<int64_t>(1, kChunkElements / logits.size(1));
}

at::ScalarType summing_type(const at::Tensor& logits) {
  return logits.scalar_type() == at::kDouble ? at::kDouble : at::kFloat;
}

template <typename Real>
LogitRows<Real> logit_rows(const at::Tensor& logits, const at::Tensor& targets, double smoothing) {
  return {logits.const_data_ptr<Real>(), targets.const_data_ptr<int64_t>(), logits.size(1),
          static_cast<Real>(smoothing)};
}

// The target distribution is (1 - ε) onehot + ε / vocabulary; so the loss is a weighted sum of two.
at::Tensor losses_by_operations(const at::Tensor& logits, const at::Tensor& log_sums,
                                const at::Tensor& targets, double smoothing) {
  const at::Tensor at_target = log_sums - logits.gather(1, targets.unsqueeze(1)).squeeze(1);
  if (smoothing == 0) return at_target;
  return (1 - smoothing) * at_target + smoothing * (log_sums - logits.mean(1));
}

// Differentiable in the logits and in the gradient of the losses.
at::Tensor gradient_by_operations(const at::Tensor& logits, const at::Tensor& log_sums,
                                  const at::Tensor& targets, const at::Tensor& loss_gradients,
                                  double smoothing) {
  const double everywhere = smoothing / static_cast<double>(logits.size(1));
  const at::Tensor factors = loss_gradients.unsqueeze(1);
  const at::Tensor spread = ((logits - log_sums.unsqueeze(1)).exp() - everywhere) * factors;
  return spread.scatter_add(1, targets.unsqueeze(1), (smoothing - 1) * factors);
}

// Fills losses and log sums of a chunk of rows.
void chunk_losses(const at::Tensor& logits, const at::Tensor& targets, double smoothing,
                  const at::Tensor& losses, const at::Tensor& log_sums) {
  if (!logits.is_cpu()) {
    log_sums.copy_(logits.logsumexp(1));
    losses.copy_(losses_by_operations(logits, log_sums, targets, smoothing));
    return;
  }
  AT_DISPATCH_FLOATING_TYPES(logits.scalar_type(), "token_cross_entropy", [&] {
    const auto rows = logit_rows<scalar_t>(logits, targets, smoothing);
    at::parallel_for(0, logits.size(0), kRowsPerTask, [&](int64_t begin, int64_t end) {
      row_losses(rows, begin, end, losses.data_ptr<scalar_t>(), log_sums.data_ptr<scalar_t>());
    });
  });
}

// `logits` in the type that is summed in; `gradient` likewise or of fewer bits.
void chunk_gradient(const at::Tensor& logits, const at::Tensor& targets, const at::Tensor& log_sums,
                    const at::Tensor& loss_gradients, double smoothing, const at::Tensor& gradient) {
  if (!logits.is_cpu()) {
    gradient.copy_(gradient_by_operations(logits, log_sums, targets, loss_gradients, smoothing));
    return;
  }
  const at::Tensor out = gradient.scalar_type() == logits.scalar_type() ? gradient : at::empty_like(logits);
  AT_DISPATCH_FLOATING_TYPES(logits.scalar_type(), "token_cross_entropy_backward", [&] {
    const auto rows = logit_rows<scalar_t>(logits, targets, smoothing);
    at::parallel_for(0, logits.size(0), kRowsPerTask, [&](int64_t begin, int64_t end) {
      row_gradients(rows, log_sums.const_data_ptr<scalar_t>(), loss_gradients.const_data_ptr<scalar_t>(),
                    begin, end, out.data_ptr<scalar_t>());
    });
  });
  if (!out.is_same(gradient)) gradient.copy_(out);
}

class TokenCrossEntropy : public torch::autograd::Function<TokenCrossEntropy> {
 public:
  static at::Tensor forward(AutogradContext* context, const at::Tensor& logits, const at::Tensor& targets,
                            double smoothing) {
    const auto options = logits.options().dtype(summing_type(logits));
    const int64_t rows = logits.size(0);
    const at::Tensor losses = at::empty({rows}, options);
    const at::Tensor log_sums = at::empty({rows}, options);
    for_each_chunk(logits, [&](const at::Tensor& chunk, int64_t begin, int64_t count) {
      chunk_losses(chunk, targets.narrow(0, begin, count), smoothing, losses.narrow(0, begin, count),
                   log_sums.narrow(0, begin, count));
    });
    context->save_for_backward({logits, targets, log_sums});
    context->saved_data["smoothing"] = smoothing;
    return losses;
  }

  static variable_list backward(AutogradContext* context, variable_list loss_gradients) {
    const auto saved = context->get_saved_variables();
    const at::Tensor& logits = saved[0];
    const at::Tensor& targets = saved[1];
    const double smoothing = context->saved_data["smoothing"].toDouble();
    if (at::GradMode::is_enabled()) {  // someone will differentiate the gradient
      const at::Tensor wide = logits.to(summing_type(logits));
      return {gradient_by_operations(wide, wide.logsumexp(1), targets, loss_gradients.front(), smoothing)
                  .to(logits.scalar_type()),
              {},
              {}};
    }
    const at::Tensor factors = loss_gradients.front().contiguous();
    const at::Tensor gradient = at::empty_like(logits);
    for_each_chunk(logits, [&](const at::Tensor& chunk, int64_t begin, int64_t count) {
      chunk_gradient(chunk, targets.narrow(0, begin, count), saved[2].narrow(0, begin, count),
                     factors.narrow(0, begin, count), smoothing, gradient.narrow(0, begin, count));
    });
    return {gradient, {}, {}};
  }

 private:
  // visit(logits of some rows in the summing type, first row, rows). All at once where nothing is copied.
  template <typename Visit>
  static void for_each_chunk(const at::Tensor& logits, const Visit& visit) {
    const at::ScalarType type = summing_type(logits);
    const bool in_place = logits.is_cpu() && logits.scalar_type() == type;
    const int64_t step = in_place ? std::max<int64_t>(1, logits.size(0)) : rows_per_chunk(logits);
    for (int64_t begin = 0; begin < logits.size(0); begin += step) {
      const int64_t count = std::min(step, logits.size(0) - begin);
      visit(logits.narrow(0, begin, count).to(type), begin, count);
    }
  }
};

}  // namespace

at::Tensor token_cross_entropy(const at::Tensor& logits, const at::Tensor& targets, double label_smoothing) {
  TORCH_CHECK(logits.dim() == 2 && targets.dim() == 1 && logits.size(0) == targets.size(0),
              "token_cross_entropy: logits ", logits.sizes(), ", targets ", targets.sizes());
  TORCH_CHECK(targets.scalar_type() == at::kLong, "token_cross_entropy: targets of ", targets.scalar_type());
  if (targets.is_cpu() && targets.numel() > 0) {
    const auto [lowest, highest] = targets.aminmax();
    TORCH_CHECK_INDEX(lowest.item<int64_t>() >= 0 && highest.item<int64_t>() < logits.size(1),
                      "token_cross_entropy: targets ", lowest.item<int64_t>(), " to ",
                      highest.item<int64_t>(), ", but ", logits.size(1), " classes");
  }
  return TokenCrossEntropy::apply(logits.contiguous(), targets.contiguous(), label_smoothing);
}

}  // namespace timetrial

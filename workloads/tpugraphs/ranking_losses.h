#pragma once

// Losses of scores that are to order the measured times of the configurations of a program: the larger the
// score, the longer the predicted time. Scores and times are [lists, configurations]; the results [lists].

#include <ATen/core/Tensor.h>

namespace timetrial {

// ListMLE (Xia et al. 2008): minus the log-likelihood of the measured order, slowest first, when one
// configuration after the other is drawn with probabilities softmax(scores / temperature) of those that are
// left. Of equal times the first comes first.
at::Tensor list_mle(const at::Tensor& scores, const at::Tensor& times, double temperature);

// Sum over the pairs of configurations of different times of max(0, margin - (slower score - faster score)).
at::Tensor pairwise_hinge(const at::Tensor& scores, const at::Tensor& times, double margin);

// Mean over the configurations of (score - time)².
at::Tensor mean_squared_time_error(const at::Tensor& scores, const at::Tensor& times);

}  // namespace timetrial

#include "timetrial/elementwise_update.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace timetrial {
namespace {

// Rules with one, two and three states whose results reveal a swapped stream, a skipped or a doubly updated
// element.
template <typename Real>
struct OneState {
  static constexpr int kStates = 1;
  explicit OneState(const double* scalars) : rate(static_cast<Real>(scalars[0])) {}
  void operator()(Real& parameter, Real gradient, Real& a) const {
    a += gradient;
    parameter -= rate * a;
  }
  Real rate;
};

template <typename Real>
struct TwoStates : OneState<Real> {
  static constexpr int kStates = 2;
  using OneState<Real>::OneState;
  void operator()(Real& parameter, Real gradient, Real& a, Real& b) const {
    a += gradient;
    b += a * parameter;
    parameter -= this->rate * b;
  }
};

template <typename Real>
struct ThreeStates : OneState<Real> {
  static constexpr int kStates = 3;
  using OneState<Real>::OneState;
  void operator()(Real& parameter, Real gradient, Real& a, Real& b, Real& c) const {
    a += gradient;
    b += a * parameter;
    c -= b + gradient;
    parameter -= this->rate * c;
  }
};

template <typename Real>
struct SkipsWhenTold : OneState<Real> {
  using OneState<Real>::OneState;
  bool skip() const { return this->rate < 0; }
};

// Small whole numbers: every rule above is exact on them, in either precision and any order of evaluation.
at::Tensor whole_numbers(at::IntArrayRef sizes, at::ScalarType dtype) {
  return at::randint(-4, 5, sizes, at::TensorOptions().dtype(dtype));
}

std::vector<at::Tensor> whole_numbers_like(const std::vector<at::Tensor>& tensors) {
  std::vector<at::Tensor> result;
  for (const at::Tensor& tensor : tensors) {
    result.push_back(at::empty_like(tensor).copy_(whole_numbers(tensor.sizes(), tensor.scalar_type())));
  }
  return result;
}

std::vector<at::Tensor> clones(const std::vector<at::Tensor>& tensors) {
  std::vector<at::Tensor> result;
  for (const at::Tensor& tensor : tensors) result.push_back(tensor.clone());
  return result;
}

// Sizes around the block (64 floats) and the chunk, many small tensors, an empty one, scalars.
std::vector<at::Tensor> awkward_tensors(at::ScalarType dtype) {
  std::vector<at::Tensor> tensors;
  for (const int64_t size : {1, 7, 63, 64, 65, 0, 4 * 16384 + 1, 16383, 16384, 16385, 100000}) {
    tensors.push_back(whole_numbers({size}, dtype));
  }
  for (int64_t i = 0; i < 40; ++i) tensors.push_back(whole_numbers({i % 5 + 1, 3}, dtype));
  tensors.push_back(whole_numbers({}, dtype));
  return tensors;
}

template <template <typename> class Rule, typename Real, std::size_t... State>
void run_plain_loop(const std::vector<at::Tensor>& parameters, const std::vector<at::Tensor>& gradients,
                    const std::vector<std::vector<at::Tensor>>& states, const double* scalars,
                    std::index_sequence<State...> /*states*/) {
  const Rule<Real> rule(scalars);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!gradients[i].defined()) continue;
    for (int64_t j = 0; j < parameters[i].numel(); ++j) {
      rule(parameters[i].mutable_data_ptr<Real>()[j], gradients[i].const_data_ptr<Real>()[j],
           states[State][i].mutable_data_ptr<Real>()[j]...);
    }
  }
}

template <template <typename> class Rule, typename Real>
void expect_equal_to_plain_loop(int threads) {
  at::manual_seed(1);
  constexpr auto kDtype = c10::CppTypeToScalarType<Real>::value;
  std::vector<at::Tensor> parameters = awkward_tensors(kDtype);
  std::vector<std::vector<at::Tensor>> states;
  for (int k = 0; k < Rule<Real>::kStates; ++k) states.push_back(whole_numbers_like(parameters));
  std::vector<at::Tensor> gradients = whole_numbers_like(parameters);
  gradients[2] = at::Tensor();
  gradients[8] = at::Tensor();

  std::vector<at::Tensor> expected_parameters = clones(parameters);
  std::vector<std::vector<at::Tensor>> expected_states;
  for (const auto& state : states) expected_states.push_back(clones(state));
  const at::Tensor scalars = at::full({1}, 2.0, at::kDouble);
  run_plain_loop<Rule, Real>(expected_parameters, gradients, expected_states,
                             scalars.const_data_ptr<double>(),
                             std::make_index_sequence<Rule<Real>::kStates>());

  const int threads_before = at::get_num_threads();
  at::set_num_threads(threads);
  ElementwiseUpdate(parameters, states).apply<Rule>(gradients, scalars);
  at::set_num_threads(threads_before);

  for (std::size_t i = 0; i < parameters.size(); ++i) {
    EXPECT_TRUE(parameters[i].equal(expected_parameters[i])) << "parameter " << i;
    for (std::size_t k = 0; k < states.size(); ++k) {
      EXPECT_TRUE(states[k][i].equal(expected_states[k][i])) << "state " << k << " of parameter " << i;
    }
  }
}

TEST(ElementwiseUpdate, OneStateEqualsPlainLoop) {
  expect_equal_to_plain_loop<OneState, float>(1);
  expect_equal_to_plain_loop<OneState, float>(2);
  expect_equal_to_plain_loop<OneState, double>(2);
}

TEST(ElementwiseUpdate, TwoStatesEqualPlainLoop) {
  expect_equal_to_plain_loop<TwoStates, float>(1);
  expect_equal_to_plain_loop<TwoStates, float>(2);
  expect_equal_to_plain_loop<TwoStates, double>(2);
}

TEST(ElementwiseUpdate, ThreeStatesEqualPlainLoop) {
  expect_equal_to_plain_loop<ThreeStates, float>(1);
  expect_equal_to_plain_loop<ThreeStates, float>(2);
  expect_equal_to_plain_loop<ThreeStates, double>(2);
}

TEST(ElementwiseUpdate, MoreThreadsThanChunksUpdateEveryElementOnce) {
  expect_equal_to_plain_loop<OneState, float>(64);
}

TEST(ElementwiseUpdate, MixedDtypesInOneListAreUpdatedInTheirOwnPrecision) {
  std::vector<at::Tensor> parameters = {at::zeros({100}), at::zeros({100}, at::kDouble)};
  std::vector<at::Tensor> states = clones(parameters);
  const std::vector<at::Tensor> gradients = {at::ones({100}), at::ones({100}, at::kDouble)};
  ElementwiseUpdate(parameters, {states}).apply<OneState>(gradients, at::full({1}, 0.1, at::kDouble));
  EXPECT_TRUE(parameters[0].equal(at::full({100}, -0.1f)));
  EXPECT_TRUE(parameters[1].equal(at::full({100}, -0.1, at::kDouble)));
}

TEST(ElementwiseUpdate, ChannelsLastParametersAreUpdatedInPlace) {
  const at::Tensor parameter =
      whole_numbers({4, 3, 5, 5}, at::kFloat).contiguous(at::MemoryFormat::ChannelsLast);
  const at::Tensor before = parameter.clone();
  const at::Tensor gradient = whole_numbers_like({parameter})[0];
  ElementwiseUpdate({parameter}, {{at::zeros_like(parameter)}})
      .apply<OneState>({gradient}, at::ones({1}, at::kDouble));
  EXPECT_TRUE(parameter.equal(before - gradient));
}

// Brings a tensor to mean 0 and counts its elements: the first pass adds the gradient, sums, and the second
// subtracts the mean and writes the sums down.
template <typename Real>
struct CentresTheTensor {
  static constexpr int kStates = 2;
  static constexpr int kSums = 2;
  explicit CentresTheTensor(const double* /*scalars*/) {}
  void measure(Real parameter, Real gradient, Real& a, Real& /*b*/, Real (&terms)[kSums]) const {
    a = parameter + gradient;
    terms[0] = a;
    terms[1] = 1;
  }
  struct Second {
    static constexpr int kStates = 2;
    static constexpr bool kReadsGradient = false;
    Real mean, count;
    void operator()(Real& parameter, Real /*gradient*/, Real& a, Real& b) const {
      parameter = a - mean;
      b = count;
    }
  };
  Second for_tensor(const double* sums, double elements) const {
    return {static_cast<Real>(sums[0] / elements), static_cast<Real>(sums[1])};
  }
};

template <typename Real>
void expect_tensors_centred(int threads) {
  at::manual_seed(2);
  std::vector<at::Tensor> parameters = awkward_tensors(c10::CppTypeToScalarType<Real>::value);
  const std::vector<at::Tensor> before = clones(parameters);
  const std::vector<std::vector<at::Tensor>> states = {whole_numbers_like(parameters),
                                                       whole_numbers_like(parameters)};
  const std::vector<at::Tensor> untouched = clones(states[1]);
  std::vector<at::Tensor> gradients = whole_numbers_like(parameters);
  gradients[8] = at::Tensor();

  const int threads_before = at::get_num_threads();
  at::set_num_threads(threads);
  ElementwiseUpdate(parameters, states).apply<CentresTheTensor>(gradients, at::zeros({1}, at::kDouble));
  at::set_num_threads(threads_before);

  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!gradients[i].defined()) {
      EXPECT_TRUE(parameters[i].equal(before[i]));
      EXPECT_TRUE(states[1][i].equal(untouched[i]));
      continue;
    }
    if (parameters[i].numel() == 0) continue;
    const at::Tensor sum = before[i] + gradients[i];
    const at::Tensor mean = sum.to(at::kDouble).mean().to(sum.scalar_type());  // of whole numbers: exact sums
    EXPECT_TRUE(parameters[i].equal(sum - mean)) << "parameter " << i;
    EXPECT_TRUE(states[1][i].equal(at::full_like(sum, parameters[i].numel()))) << "parameter " << i;
  }
}

TEST(ElementwiseUpdate, SumsOverEachTensorReachTheSecondPass) {
  expect_tensors_centred<float>(1);
  expect_tensors_centred<float>(2);
  expect_tensors_centred<double>(3);
}

template <typename Real>
struct HalvesTowardsState {
  static constexpr int kStates = 1;
  static constexpr bool kReadsGradient = false;
  explicit HalvesTowardsState(const double* /*scalars*/) {}
  void operator()(Real& parameter, Real /*gradient*/, Real& a) const { parameter += (a - parameter) / 2; }
};

TEST(ElementwiseUpdate, ARuleWithoutGradientsRunsOnEveryParameter) {
  const std::vector<at::Tensor> parameters = {at::zeros({100}), at::full({20000}, 2.0f)};
  const std::vector<at::Tensor> states = {at::full({100}, 4.0f), at::full({20000}, 4.0f)};
  ElementwiseUpdate(parameters, {states}).apply<HalvesTowardsState>(at::zeros({1}, at::kDouble));
  EXPECT_TRUE(parameters[0].equal(at::full({100}, 2.0f)));
  EXPECT_TRUE(parameters[1].equal(at::full({20000}, 3.0f)));
}

TEST(ElementwiseUpdate, SkipLeavesEveryTensorUntouched) {
  const at::Tensor parameter = at::ones({1000});
  const at::Tensor state = at::ones({1000});
  const at::Tensor gradient = at::full({1000}, std::numeric_limits<float>::quiet_NaN());
  const ElementwiseUpdate update({parameter}, {{state}});
  update.apply<SkipsWhenTold>({gradient}, at::full({1}, -1.0, at::kDouble));
  EXPECT_TRUE(parameter.equal(at::ones({1000})));
  EXPECT_TRUE(state.equal(at::ones({1000})));
  update.apply<SkipsWhenTold>({at::ones({1000})}, at::full({1}, 1.0, at::kDouble));
  EXPECT_TRUE(parameter.equal(at::full({1000}, -1.0f)));
}

TEST(ElementwiseUpdate, AutogradNoticesTheUpdate) {
  const at::Tensor parameter = at::ones({10});
  const auto version = parameter._version();
  ElementwiseUpdate({parameter}, {{at::zeros({10})}})
      .apply<OneState>({at::ones({10})}, at::ones({1}, at::kDouble));
  EXPECT_GT(parameter._version(), version);
}

template <typename Action>
std::string message_of(Action&& action) {
  try {
    action();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(ElementwiseUpdate, TensorsItCannotUpdateAreRefused) {
  using testing::HasSubstr;
  EXPECT_THAT(message_of([] { ElementwiseUpdate({at::zeros({4}, at::kHalf)}, {}); }), HasSubstr("Half"));
  EXPECT_THAT(message_of([] {
                ElementwiseUpdate({at::zeros({4, 4}).slice(1, 0, 2)}, {});
              }),
              HasSubstr("dense float or double"));
  EXPECT_THAT(message_of([] { ElementwiseUpdate({at::zeros({4})}, {{at::zeros({5})}}); }),
              HasSubstr("a state tensor does not match"));
  EXPECT_THAT(message_of([] {
                ElementwiseUpdate({at::zeros({4})}, {{at::zeros({4}), at::zeros({4})}});
              }),
              HasSubstr("number of state tensors is not 1"));
}

TEST(ElementwiseUpdate, GradientsThatDoNotFitAreRefused) {
  using testing::HasSubstr;
  const ElementwiseUpdate update({at::zeros({4, 4})}, {{at::zeros({4, 4})}});
  const at::Tensor scalars = at::ones({1}, at::kDouble);
  EXPECT_THAT(message_of([&] { update.apply<OneState>({}, scalars); }),
              HasSubstr("number of gradients is not 1"));
  EXPECT_THAT(message_of([&] {
                update.apply<OneState>({at::zeros({4, 4}).t()}, scalars);
              }),
              HasSubstr("a gradient does not match"));
  EXPECT_THAT(message_of([&] {
                update.apply<OneState>({at::zeros({4, 4}, at::kDouble)}, scalars);
              }),
              HasSubstr("a gradient does not match"));
  EXPECT_THAT(message_of([&] {
                update.apply<TwoStates>({at::zeros({4, 4})}, scalars);
              }),
              HasSubstr("number of state lists is not 2"));
}

}  // namespace
}  // namespace timetrial

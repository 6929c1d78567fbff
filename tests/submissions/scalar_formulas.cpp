#include "scalar_formulas.h"

#include <algorithm>
#include <cmath>

namespace timetrial::formulas {
namespace {

constexpr double kPi = 3.14159265358979323846;

Values zeros_like(const Values& values) {
  Values zeros;
  for (const auto& tensor : values) zeros.emplace_back(tensor.size(), 0.0);
  return zeros;
}

// Linear warm-up over int(warmup_factor * H) steps, then half a cosine down to 0 at H.
double cosine_rate(const Training& training, int64_t step) {
  const double peak = training.at("learning_rate");
  const auto warmup =
      static_cast<int64_t>(training.at("warmup_factor") * static_cast<double>(training.step_hint));
  const auto i = static_cast<double>(step);
  const auto w = static_cast<double>(warmup);
  if (step < warmup) return peak * (1e-10 + (1 - 1e-10) * i / w);
  return 0.5 * peak * (1 + std::cos(kPi * (i - w) / (static_cast<double>(training.step_hint) - w)));
}

// Linear warm-up, linear decay to end_factor over int((H - W) * decay_steps_factor) steps, then constant.
double linear_rate(const Training& training, int64_t step) {
  const double peak = training.at("learning_rate");
  const auto warmup =
      static_cast<int64_t>(training.at("warmup_factor") * static_cast<double>(training.step_hint));
  const auto decay = static_cast<int64_t>(training.at("decay_steps_factor") *
                                          static_cast<double>(training.step_hint - warmup));
  if (step < warmup) return peak * static_cast<double>(step) / static_cast<double>(warmup);
  if (step - warmup >= decay) return peak * training.at("end_factor");
  const double done = static_cast<double>(step - warmup) / static_cast<double>(decay);
  return peak + done * (peak * training.at("end_factor") - peak);
}

double norm(const std::vector<double>& values) {
  double squares = 0;
  for (const double value : values) squares += value * value;
  return std::sqrt(squares);
}

double norm(const Values& values) {
  std::vector<double> of_tensors;
  for (const auto& tensor : values) of_tensors.push_back(norm(tensor));
  return norm(of_tensors);
}

// The gradient, scaled down to the global norm grad_clip when that is not 0.
Values clipped_gradient(const Training& training, int64_t step, const Values& parameters) {
  Values gradient = training.gradient(step, parameters);
  const double largest = training.at("grad_clip");
  if (largest == 0) return gradient;
  const double factor = largest / (norm(gradient) + 1e-6);
  if (factor >= 1) return gradient;
  for (auto& tensor : gradient) {
    for (double& value : tensor) value *= factor;
  }
  return gradient;
}

void momentum(const Training& training, Values& parameters, bool nesterov) {
  const double mu = 1 - training.at("one_minus_beta1");
  Values trace = zeros_like(parameters);
  for (int64_t step = 0; step < training.steps; ++step) {
    const Values gradient = clipped_gradient(training, step, parameters);
    const double rate = linear_rate(training, step);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      for (std::size_t j = 0; j < parameters[i].size(); ++j) {
        double& p = parameters[i][j];
        double& b = trace[i][j];
        const double g = gradient[i][j] + training.at("weight_decay") * p;
        b = mu * b + g;
        p -= rate * (nesterov ? g + mu * b : b);
      }
    }
  }
}

// AdamW; with nesterov, NAdamW.
void adam(const Training& training, Values& parameters, bool nesterov) {
  const double beta1 = 1 - training.at("one_minus_beta1");
  const double beta2 = training.at("beta2");
  Values first = zeros_like(parameters);
  Values second = zeros_like(parameters);
  for (int64_t step = 0; step < training.steps; ++step) {
    const Values gradient = clipped_gradient(training, step, parameters);
    const double rate = cosine_rate(training, step);
    const auto t = static_cast<double>(step + 1);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      for (std::size_t j = 0; j < parameters[i].size(); ++j) {
        const double g = gradient[i][j];
        double& p = parameters[i][j];
        double& m = first[i][j];
        double& v = second[i][j];
        m = beta1 * m + (1 - beta1) * g;
        v = beta2 * v + (1 - beta2) * g * g;
        const double direction = nesterov ? beta1 * m + (1 - beta1) * g : m;
        const double unbiased = direction / (1 - std::pow(beta1, t));
        const double scale = std::sqrt(v / (1 - std::pow(beta2, t))) + training.at("epsilon");
        p = p * (1 - rate * training.at("weight_decay")) - rate * unbiased / scale;
      }
    }
  }
}

}  // namespace

void adamw(const Training& training, Values& parameters) {
  adam(training, parameters, false);
}

void nadamw(const Training& training, Values& parameters) {
  adam(training, parameters, true);
}

void nesterov_momentum(const Training& training, Values& parameters) {
  momentum(training, parameters, true);
}

void heavy_ball(const Training& training, Values& parameters) {
  momentum(training, parameters, false);
}

void lion(const Training& training, Values& parameters) {
  const double beta1 = 1 - training.at("one_minus_beta1");
  const double beta2 = training.at("beta2");
  Values average = zeros_like(parameters);
  for (int64_t step = 0; step < training.steps; ++step) {
    const Values gradient = clipped_gradient(training, step, parameters);
    const double rate = cosine_rate(training, step);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      for (std::size_t j = 0; j < parameters[i].size(); ++j) {
        const double g = gradient[i][j];
        double& p = parameters[i][j];
        double& m = average[i][j];
        const double blend = beta1 * m + (1 - beta1) * g;
        p *= 1 - rate * training.at("weight_decay");
        p -= rate * static_cast<double>((blend > 0) - (blend < 0));
        m = beta2 * m + (1 - beta2) * g;
      }
    }
  }
}

void ademamix(const Training& training, Values& parameters) {
  const double beta1 = 1 - training.at("one_minus_beta1");
  const double beta2 = training.at("beta2");
  const double beta3_end = training.at("beta3");
  const double warmup = training.at("slow_warmup_steps");
  // The schedule of beta3 is linear in f(beta); its inverse turns a value of f back into a decay rate.
  const auto f = [](double beta) { return std::log(0.5) / std::log(beta + 1e-8) - 1; };
  const auto inverse_of_f = [](double value) { return std::pow(0.5, 1 / (value + 1)); };
  Values fast = zeros_like(parameters);
  Values slow = zeros_like(parameters);
  Values second = zeros_like(parameters);
  for (int64_t step = 0; step < training.steps; ++step) {
    const Values gradient = clipped_gradient(training, step, parameters);
    const double rate = cosine_rate(training, step);
    const auto t = static_cast<double>(step + 1);
    const bool warm = t >= warmup;
    const double alpha = warm ? training.at("alpha") : training.at("alpha") * t / warmup;
    const double beta3 = warm ? beta3_end : inverse_of_f(f(beta1) + t / warmup * (f(beta3_end) - f(beta1)));
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      for (std::size_t j = 0; j < parameters[i].size(); ++j) {
        const double g = gradient[i][j];
        double& p = parameters[i][j];
        fast[i][j] = beta1 * fast[i][j] + (1 - beta1) * g;
        slow[i][j] = beta3 * slow[i][j] + (1 - beta3) * g;
        second[i][j] = beta2 * second[i][j] + (1 - beta2) * g * g;
        const double unbiased = fast[i][j] / (1 - std::pow(beta1, t));
        const double scale = std::sqrt(second[i][j] / (1 - std::pow(beta2, t))) + training.at("epsilon");
        p -= rate * ((unbiased + alpha * slow[i][j]) / scale + training.at("weight_decay") * p);
      }
    }
  }
}

void cautious_nadamw(const Training& training, Values& parameters) {
  const double beta1 = 1 - training.at("one_minus_beta1");
  const double beta2 = training.at("beta2");
  Values first = zeros_like(parameters);
  Values second = zeros_like(parameters);
  for (int64_t step = 0; step < training.steps; ++step) {
    const Values gradient = clipped_gradient(training, step, parameters);
    const double rate = cosine_rate(training, step);
    const auto t = static_cast<double>(step + 1);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      const std::size_t count = parameters[i].size();
      std::vector<double> unbiased(count), mask(count);
      double sum = 0;
      for (std::size_t j = 0; j < count; ++j) {
        const double g = gradient[i][j];
        first[i][j] = beta1 * first[i][j] + (1 - beta1) * g;
        second[i][j] = beta2 * second[i][j] + (1 - beta2) * g * g;
        unbiased[j] = (beta1 * first[i][j] + (1 - beta1) * g) / (1 - std::pow(beta1, t));
        mask[j] = unbiased[j] * g > 0 ? 1 : 0;
        sum += mask[j];
      }
      const double mean = std::max(sum / static_cast<double>(count), 1e-3);
      for (std::size_t j = 0; j < count; ++j) {
        double& p = parameters[i][j];
        const double scale = std::sqrt(second[i][j] / (1 - std::pow(beta2, t))) + training.at("epsilon");
        p -= rate * (unbiased[j] * mask[j] / mean / scale + training.at("weight_decay") * p);
      }
    }
  }
}

void lamb(const Training& training, Values& parameters) {
  const double beta1 = 1 - training.at("one_minus_beta1");
  const double beta2 = training.at("beta2");
  Values first = zeros_like(parameters);
  Values second = zeros_like(parameters);
  for (int64_t step = 0; step < training.steps; ++step) {
    const Values gradient = clipped_gradient(training, step, parameters);
    const double rate = cosine_rate(training, step);
    const auto t = static_cast<double>(step + 1);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      std::vector<double> direction(parameters[i].size());
      for (std::size_t j = 0; j < direction.size(); ++j) {
        const double g = gradient[i][j];
        first[i][j] = beta1 * first[i][j] + (1 - beta1) * g;
        second[i][j] = beta2 * second[i][j] + (1 - beta2) * g * g;
        const double scale = std::sqrt(second[i][j] / (1 - std::pow(beta2, t))) + training.at("epsilon");
        direction[j] =
            first[i][j] / (1 - std::pow(beta1, t)) / scale + training.at("weight_decay") * parameters[i][j];
      }
      const double of_parameter = norm(parameters[i]);
      const double of_direction = norm(direction);
      const double trust = of_parameter > 0 && of_direction > 0 ? of_parameter / of_direction : 1;
      for (std::size_t j = 0; j < direction.size(); ++j) parameters[i][j] -= rate * trust * direction[j];
    }
  }
}

void schedule_free_adamw(const Training& training, Values& parameters) {
  const double beta1 = 1 - training.at("one_minus_beta1");
  const double beta2 = training.at("beta2");
  const double warmup = std::floor(training.at("warmup_factor") * static_cast<double>(training.step_hint));
  Values fast = parameters;
  Values second = zeros_like(parameters);
  double sum_of_weights = 0;
  for (int64_t step = 0; step < training.steps; ++step) {
    const auto t = static_cast<double>(step + 1);
    const double rate = training.at("learning_rate") * (warmup > 0 ? std::min(1.0, t / warmup) : 1.0);
    sum_of_weights += rate * rate;
    const double weight = rate * rate / sum_of_weights;
    const double step_size = rate * std::sqrt(1 - std::pow(beta2, t));
    Values between = parameters;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      for (std::size_t j = 0; j < parameters[i].size(); ++j) {
        between[i][j] = beta1 * parameters[i][j] + (1 - beta1) * fast[i][j];
      }
    }
    const Values gradient = clipped_gradient(training, step, between);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      for (std::size_t j = 0; j < parameters[i].size(); ++j) {
        const double g = gradient[i][j];
        double& z = fast[i][j];
        double& v = second[i][j];
        v = beta2 * v + (1 - beta2) * g * g;
        z -= step_size * training.at("weight_decay") * between[i][j];
        z -= step_size * g / (std::sqrt(v) + training.at("epsilon"));
        parameters[i][j] = (1 - weight) * parameters[i][j] + weight * z;
      }
    }
  }
}

// AdamW on the gradient of the point at the distance rho.
void sam(const Training& training, Values& parameters) {
  Training above = training;
  above.gradient = [&training](int64_t step, const Values& values) {
    const Values gradient = training.gradient(step, values);
    const double length = norm(gradient);
    Values climbed = values;
    for (std::size_t i = 0; i < values.size(); ++i) {
      for (std::size_t j = 0; j < values[i].size(); ++j) {
        climbed[i][j] += training.at("rho") * gradient[i][j] / length;
      }
    }
    return training.gradient(step, climbed);
  };
  adamw(above, parameters);
}

}  // namespace timetrial::formulas

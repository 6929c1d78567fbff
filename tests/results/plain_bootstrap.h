#pragma once

// What estimate_uncertainty is compared with: methods that were tried and not taken.

#include "coverage_simulation.h"

namespace timetrial {

// Efron's percentile bootstrap: studies drawn with replacement within each pair of submission and workload,
// and, with `trials`, trials within each study.
UncertaintyMethod plain_bootstrap(bool trials, int64_t replicates);

// Replicates of the pooled model, without removing the bias that noise brings into the scores.
UncertaintyMethod pooled_percentiles(int64_t replicates);

// The same, Efron's bias-corrected percentiles.
UncertaintyMethod pooled_bias_corrected(int64_t replicates);

}  // namespace timetrial

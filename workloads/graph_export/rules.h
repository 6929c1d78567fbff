#pragma once

// How every ATen operation becomes nodes: one rule a name. Numbers that are arguments (a factor, an exponent)
// are part of an operation, not nodes; shapes that are broadcast without a word in ATen get their broadcast
// node.

#include <string>
#include <unordered_map>

#include "workloads/graph_export/translation.h"

namespace timetrial {

using Rule = void (*)(Translation&);
using RuleTable = std::unordered_map<std::string, Rule>;

// All of them. An operation without a rule must be made of others that have one.
const RuleTable& translation_rules();

// A file each.
void add_memory_rules(RuleTable& rules);  // what makes, copies and shows memory
void add_view_rules(RuleTable& rules);
void add_indexing_rules(RuleTable& rules);  // gather, scatter, pad, concatenate
void add_elementwise_rules(RuleTable& rules);
void add_activation_rules(RuleTable& rules);
void add_reduction_rules(RuleTable& rules);
void add_loss_rules(RuleTable& rules);
void add_normalisation_rules(RuleTable& rules);
void add_matrix_rules(RuleTable& rules);
void add_convolution_rules(RuleTable& rules);
void add_pooling_rules(RuleTable& rules);

}  // namespace timetrial

#include "workloads/graph_export/rules.h"

namespace timetrial {

const RuleTable& translation_rules() {
  static const RuleTable rules = [] {
    RuleTable table;
    add_memory_rules(table);
    add_view_rules(table);
    add_indexing_rules(table);
    add_elementwise_rules(table);
    add_activation_rules(table);
    add_reduction_rules(table);
    add_loss_rules(table);
    add_normalisation_rules(table);
    add_matrix_rules(table);
    add_convolution_rules(table);
    add_pooling_rules(table);
    return table;
  }();
  return rules;
}

}  // namespace timetrial

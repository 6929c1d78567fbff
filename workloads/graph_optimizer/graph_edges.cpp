#include "workloads/graph_optimizer/graph_edges.h"

namespace timetrial {

GraphEdges graph_edges(const Batch& batch) {
  return {{batch.at("operand_of_edge"), batch.at("operand_order"), batch.at("operand_edges")},
          {batch.at("consumer_of_edge"), batch.at("consumer_order"), batch.at("consumer_edges")},
          {batch.at("consumer_of_operand_edge"), {}, batch.at("consumer_edges")},
          {batch.at("operand_of_consumer_edge"), {}, batch.at("operand_edges")}};
}

}  // namespace timetrial

#pragma once

#include <cstdint>

#include "workloads/graph_optimizer/simulator/baselines/seeded_draws.h"
#include "workloads/graph_optimizer/simulator/dataflow.h"
#include "workloads/graph_optimizer/simulator/machine.h"
#include "workloads/graph_optimizer/simulator/plan.h"

namespace timetrial {

// What of a plan may be decided: as much as a policy of the same variant decides.
struct PlanSpace {
  bool placement = true;
  bool schedule = true;
  bool fusion = true;
  int32_t levels = 20;  // of schedule and fusion; fusion has kNeverFuse besides
};

// Every decision by a draw of its own; what may not be decided is as in `base`. Throws std::logic_error for a
// space in which nothing may be decided, or without levels.
Plan drawn_plan(const PlanSpace& space, const Plan& base, const Dataflow& flow, const Machine& machine,
                SeededDraws& draws);

// Draws one decision of one unit or op anew, every kind of decision equally often; the plan's lists must be
// full (full_plan). With one device a placement stays as it is.
void change_one_decision(Plan& plan, const PlanSpace& space, const Dataflow& flow, const Machine& machine,
                         SeededDraws& draws);

// The same plan with defaults written out.
Plan full_plan(Plan plan, const Dataflow& flow);

}  // namespace timetrial

// timetrial-launcher: stands between timetrial and a worker that is kept apart. Started by `timetrial`:
//   timetrial-launcher POLICY PROGRAM [ARGUMENT …]
// Its report goes to the descriptor that the policy names; its own exit code says only whether it could write
// one.

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "harness/isolation/launch.h"
#include "harness/journal/file_descriptor.h"

int main(int argc, char** argv) {
  using namespace timetrial;
  if (argc < 3) {
    std::fputs("timetrial-launcher: is started by timetrial\n", stderr);
    return 2;
  }
  try {
    const LaunchPolicy policy = launch_policy_from_json(argv[1]);
    const LaunchReport report = launch(policy, std::vector<std::string>(argv + 2, argv + argc));
    return write_all(policy.report_descriptor, launch_report_to_json(report)) ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "timetrial-launcher: %s\n", error.what());
    return 1;
  }
}

#include "harness/worker/provenance.h"

#include "harness/version/version.h"
#include "timetrial/version.h"

namespace timetrial {

std::map<std::string, std::string> describe_build() {
  return {{"timetrial", kVersion},
          {"commit", kCommit},
          {"compiler", kCompiler},
          {"build_type", kBuildType},
          {"libtorch", kLibTorchVersion}};
}

}  // namespace timetrial

// Writes into the newest checkpoint of its trial.

#include <filesystem>
#include <fstream>

#include "plain_sgd.h"

namespace timetrial {

class CorruptsCheckpoint : public PlainSgd {
 public:
  void update(Step& step) override {
    std::error_code absent;
    for (const auto& entry : std::filesystem::directory_iterator("checkpoints", absent)) {
      std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
      file.seekp(1000);
      file << "nonsense";
    }
    PlainSgd::update(step);
  }
};

TIMETRIAL_SUBMISSION(CorruptsCheckpoint)

}  // namespace timetrial

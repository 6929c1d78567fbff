// Writes into the newest checkpoint of its trial.

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "plain_sgd.h"

namespace timetrial {

class CorruptsCheckpoint : public PlainSgd {
 public:
  void update(Step& step) override {
    std::error_code absent;
    for (const char* folder : {"checkpoints", "../checkpoints"}) {
      for (const auto& entry : std::filesystem::directory_iterator(folder, absent)) {
        std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
        if (!file) throw std::runtime_error("it cannot write to " + entry.path().string());
        file.seekp(1000);
        file << "nonsense";
      }
    }
    PlainSgd::update(step);
  }
};

TIMETRIAL_SUBMISSION(CorruptsCheckpoint)

}  // namespace timetrial

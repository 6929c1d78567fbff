// Reads examples of MNIST's test split from the disk; trial.json, which lies where it runs or above, says
// where they are.

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include "plain_sgd.h"

namespace timetrial {

class ReadsHeldBack : public PlainSgd {
 public:
  void update(Step& step) override {
    if (step.index() == 2) read();
    PlainSgd::update(step);
  }

 private:
  static std::string data_directory() {
    std::stringstream text;
    for (const char* file : {"trial.json", "../trial.json"}) {
      if (const std::ifstream stream(file); stream) text << stream.rdbuf();
    }
    const std::string key = "\"data_directory\": \"";
    const size_t begin = text.str().find(key) + key.size();
    return text.str().substr(begin, text.str().find('"', begin) - begin);
  }

  void read() {
    const std::string file = data_directory() + "/mnist/mini/t10k-images-idx3-ubyte";
    for (const char* ending : {"", ".gz"}) {
      std::ifstream stream(file + ending, std::ios::binary);
      if (stream.read(images_, sizeof(images_))) return;
    }
    throw std::runtime_error("it cannot read " + file);
  }

  char images_[1000] = {};
};

TIMETRIAL_SUBMISSION(ReadsHeldBack)

}  // namespace timetrial

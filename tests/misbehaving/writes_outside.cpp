// Writes into a folder that is none of its business: the one that TIMETRIAL_ZOO_FOLDER names.

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <unistd.h>

#include "plain_sgd.h"

namespace timetrial {

class WritesOutside : public PlainSgd {
 public:
  void update(Step& step) override {
    if (step.index() == 2) write_outside();
    PlainSgd::update(step);
  }

 private:
  static void write_outside() {
    const char* folder = std::getenv("TIMETRIAL_ZOO_FOLDER");
    const std::string file = std::string(folder != nullptr ? folder : "") + "/written-from-outside";
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT, 0644);
    if (descriptor < 0)
      throw std::runtime_error("it cannot write outside its directory, " + file + ": " +
                               std::strerror(errno));
    ::close(descriptor);
  }
};

TIMETRIAL_SUBMISSION(WritesOutside)

}  // namespace timetrial

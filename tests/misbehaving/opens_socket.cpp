// Opens a connection to another machine (an address that belongs to nobody) and keeps it.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "plain_sgd.h"

namespace timetrial {

class OpensSocket : public PlainSgd {
 public:
  void update(Step& step) override {
    if (step.index() == 2) connect_somewhere();
    PlainSgd::update(step);
  }

 private:
  static void connect_somewhere() {
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(9);
    ::inet_pton(AF_INET, "192.0.2.1", &address.sin_addr);
    [[maybe_unused]] const int result =
        ::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
  }
};

TIMETRIAL_SUBMISSION(OpensSocket)

}  // namespace timetrial

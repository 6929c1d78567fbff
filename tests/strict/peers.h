#pragma once

// Both ends of the wire in one process.

#include <cstring>
#include <memory>
#include <stdexcept>
#include <utility>

#include <sys/socket.h>

#include "harness/strict/peer.h"

namespace timetrial {

inline std::pair<int, int> socket_pair() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) != 0) throw std::runtime_error("no socket pair");
  return {ends[0], ends[1]};
}

struct Peers {
  Peers() {
    const auto [one, other] = socket_pair();
    trainer = std::make_unique<Peer>(one);
    evaluator = std::make_unique<Peer>(other);
  }
  std::unique_ptr<Peer> trainer;
  std::unique_ptr<Peer> evaluator;
};

}  // namespace timetrial

#pragma once

// The wire between trainer and evaluator (harness/isolation/strict_mode.md): texts over a pair of
// sequenced-packet sockets, with the moment at which the kernel took each from its sender.
//
// In packets of at most kPacketBytes: '+' and a part of a text, or '.' and its last part.

#include <cstddef>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>

#include "harness/journal/file_descriptor.h"

namespace timetrial {

inline constexpr std::size_t kPacketBytes = 32 * 1024;
// More is no message of ours.
inline constexpr std::size_t kLongestMessage = 16 * 1024 * 1024;

// The other process has closed its end: it is gone.
class PeerGone : public std::runtime_error {
 public:
  PeerGone() : std::runtime_error("the other process of the trial is gone") {}
};

struct Message {
  std::string text;
  double sent_at = 0;  // steady clock, seconds
};

class Peer {
 public:
  // Takes the socket over.
  explicit Peer(int descriptor);

  // Any thread. Throws PeerGone.
  void send(const std::string& text);

  // Empty when no message has come within so many seconds. One thread at a time. Throws PeerGone, and
  // UserError for what is no message.
  std::optional<Message> receive(double seconds);

 private:
  FileDescriptor socket_;
  std::mutex sending_;
  std::string begun_;  // parts of a text
  double begun_at_ = 0;
};

}  // namespace timetrial

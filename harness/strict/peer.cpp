#include "harness/strict/peer.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <ctime>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "harness/errors/user_error.h"

namespace timetrial {

namespace {

constexpr char kMore = '+';
constexpr char kLast = '.';

double seconds_of(const timespec& time) {
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double now_of(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return seconds_of(time);
}

// The kernel stamps with the time of day; how long ago that was holds for any clock.
double sent_at(msghdr& header) {
  const double now = now_of(CLOCK_MONOTONIC);
  for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec stamp{};
    std::memcpy(&stamp, CMSG_DATA(part), sizeof(stamp));
    return now - std::max(0.0, now_of(CLOCK_REALTIME) - seconds_of(stamp));
  }
  return now;
}

[[noreturn]] void no_message(const std::string& what, const std::string& found) {
  throw UserError({what, "the socket between trainer and evaluator", found, "run the trial again"});
}

}  // namespace

Peer::Peer(int descriptor) : socket_(descriptor) {
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  const int on = 1;
  if (::setsockopt(socket_.get(), SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)) != 0)
    no_message("the moments of messages cannot be had", std::strerror(errno));
}

void Peer::send(const std::string& text) {
  const std::lock_guard lock(sending_);
  std::size_t begin = 0;
  do {
    const std::size_t count = std::min(kPacketBytes - 1, text.size() - begin);
    char kind = begin + count < text.size() ? kMore : kLast;
    std::array<iovec, 2> parts{iovec{&kind, 1}, iovec{const_cast<char*>(text.data()) + begin, count}};
    msghdr header{};
    header.msg_iov = parts.data();
    header.msg_iovlen = parts.size();
    while (::sendmsg(socket_.get(), &header, MSG_NOSIGNAL) < 0) {
      if (errno != EINTR) throw PeerGone();
    }
    begin += count;
  } while (begin < text.size());
}

std::optional<Message> Peer::receive(double seconds) {
  const double until = now_of(CLOCK_MONOTONIC) + seconds;
  std::array<char, kPacketBytes> packet{};
  while (true) {
    const double left = until - now_of(CLOCK_MONOTONIC);
    pollfd waiting{socket_.get(), POLLIN, 0};
    const int patience = std::isinf(left) ? -1 : static_cast<int>(std::ceil(1e3 * std::max(0.0, left)));
    const int ready = ::poll(&waiting, 1, patience);
    if (ready == 0) return std::nullopt;
    if (ready < 0) {  // a signal: whoever asked may want to know
      if (errno == EINTR) return std::nullopt;
      no_message("messages cannot be waited for", std::strerror(errno));
    }
    alignas(cmsghdr) std::array<char, 256> control{};
    iovec part{packet.data(), packet.size()};
    msghdr header{};
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
    const ssize_t bytes = ::recvmsg(socket_.get(), &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (bytes < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (bytes <= 0) throw PeerGone();
    if (begun_.empty()) begun_at_ = sent_at(header);
    const char kind = packet[0];
    if ((kind != kMore && kind != kLast) || (header.msg_flags & MSG_TRUNC) != 0)
      no_message("a packet is none of ours", std::to_string(bytes) + " bytes");
    begun_.append(packet.data() + 1, static_cast<std::size_t>(bytes - 1));
    if (begun_.size() > kLongestMessage)
      no_message("a message is too long", std::to_string(begun_.size()) + " bytes");
    if (kind == kMore) continue;
    Message message{std::move(begun_), begun_at_};
    begun_.clear();
    return message;
  }
}

}  // namespace timetrial

#include "harness/strict/peer.h"

#include <chrono>
#include <limits>
#include <thread>

#include <gmock/gmock.h>

#include "harness/device/device.h"
#include "harness/errors/user_error.h"
#include "peers.h"

namespace timetrial {
namespace {

constexpr double kSoon = 10;

TEST(Peer, TakesTextsOfAnyLength) {
  Peers peers;
  std::string long_text(1'000'000, 'a');
  for (std::size_t i = 0; i < long_text.size(); i += 7) long_text[i] = static_cast<char>('b' + i % 20);
  std::thread sender([&] {
    for (const std::string& text : {std::string("one"), std::string(), long_text}) peers.trainer->send(text);
  });
  EXPECT_EQ(peers.evaluator->receive(kSoon)->text, "one");
  EXPECT_EQ(peers.evaluator->receive(kSoon)->text, "");
  EXPECT_EQ(peers.evaluator->receive(kSoon)->text, long_text);
  sender.join();
}

// However late somebody looks.
TEST(Peer, TellsWhenAMessageWasSent) {
  Peers peers;
  const double before = steady_seconds();
  peers.trainer->send("now");
  const double after = steady_seconds();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  const Message message = *peers.evaluator->receive(kSoon);
  constexpr double kClocksApart = 1e-3;  // two clocks are read one after the other
  EXPECT_GE(message.sent_at, before - kClocksApart);
  EXPECT_LE(message.sent_at, after + kClocksApart);
}

TEST(Peer, WaitsNoLongerThanItIsTold) {
  Peers peers;
  EXPECT_FALSE(peers.evaluator->receive(0.01).has_value());
  EXPECT_FALSE(peers.evaluator->receive(0).has_value());
}

TEST(Peer, NoticesThatTheOtherIsGone) {
  Peers peers;
  peers.trainer->send("last words");
  peers.trainer.reset();
  EXPECT_EQ(peers.evaluator->receive(kSoon)->text, "last words");
  EXPECT_THROW(peers.evaluator->receive(kSoon), PeerGone);
  EXPECT_THROW(peers.evaluator->send("still there?"), PeerGone);
}

TEST(Peer, RefusesWhatIsNoMessage) {
  for (const char* packet : {"", "x", "{\"call\": 1}"}) {
    const auto [one, other] = socket_pair();
    Peer peer(one);
    const FileDescriptor stranger(other);
    ASSERT_EQ(::send(stranger.get(), packet, std::strlen(packet), 0),
              static_cast<ssize_t>(std::strlen(packet)));
    if (*packet == 0) {  // a packet of nothing looks like the end of the file
      EXPECT_THROW(peer.receive(kSoon), PeerGone);
    } else {
      EXPECT_THROW(peer.receive(kSoon), UserError) << packet;
    }
  }
}

TEST(Peer, RefusesAMessageWithoutEnd) {
  const auto [one, other] = socket_pair();
  Peer peer(one);
  const FileDescriptor stranger(other);
  const std::string part = "+" + std::string(kPacketBytes - 1, 'a');
  std::thread sender([&] {
    while (::send(stranger.get(), part.data(), part.size(), MSG_NOSIGNAL) > 0) {
    }
  });
  EXPECT_THROW(
      {
        while (true) peer.receive(kSoon);
      },
      UserError);
  ::shutdown(stranger.get(), SHUT_RDWR);
  sender.join();
}

}  // namespace
}  // namespace timetrial

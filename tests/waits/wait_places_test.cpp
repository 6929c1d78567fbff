#include "harness/waits/wait_places.h"

#include <thread>

#include <gmock/gmock.h>

namespace timetrial {
namespace {

using ::testing::HasSubstr;

// Addresses that are in no file.
CallStack made_up_stack(uintptr_t number) {
  return {reinterpret_cast<void*>(number)};
}

TEST(WaitPlaces, AreToldApartByHookAndOperation) {
  WaitPlaces places;
  const CallStack stack = current_call_stack();
  places.add("update", "aten::item", stack, 0.5);
  places.add("update", "aten::item", stack, 0.25);
  places.add("select_batch", "aten::item", stack, 1);
  places.add("update", "aten::to", stack, 1);
  const std::vector<SyncPlace> list = places.list();
  ASSERT_EQ(list.size(), 3U);
  EXPECT_EQ(list[0].hook, "update");
  EXPECT_EQ(list[0].operation, "aten::item");
  EXPECT_EQ(list[0].count, 2);
  EXPECT_DOUBLE_EQ(list[0].seconds, 0.75);
  EXPECT_FALSE(list[0].stack.empty());
}

TEST(WaitPlaces, AreToldApartByTheirStack) {
  WaitPlaces places;
  places.add("update", "aten::item", current_call_stack(), 0);
  places.add("update", "aten::item", current_call_stack(), 0);  // another line
  EXPECT_EQ(places.list().size(), 2U);
}

TEST(WaitPlaces, BeyondTheLimitAreCountedWithoutStack) {
  WaitPlaces places;
  constexpr auto kPlaces = static_cast<uintptr_t>(WaitPlaces::kMostPlaces) + 7;
  for (uintptr_t i = 1; i <= kPlaces; ++i) places.add("update", "aten::item", made_up_stack(i), 0.5);
  const std::vector<SyncPlace> list = places.list();
  int64_t total = 0;
  int64_t elsewhere = 0;
  for (const SyncPlace& place : list) {
    total += place.count;
    if (place.stack.find("first 50 places") != std::string::npos) elsewhere += place.count;
  }
  EXPECT_EQ(total, static_cast<int64_t>(kPlaces));
  EXPECT_EQ(elsewhere, 7);
}

TEST(WaitPlaces, MayBeAddedFromAnyThread) {
  WaitPlaces places;
  const CallStack stack = current_call_stack();
  const auto add = [&] {
    for (int i = 0; i < 1000; ++i) places.add("update", "call", stack, 0);
  };
  std::thread other(add);
  add();
  other.join();
  EXPECT_EQ(places.list().at(0).count, 2000);
}

}  // namespace
}  // namespace timetrial

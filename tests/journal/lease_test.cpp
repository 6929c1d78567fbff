#include "harness/journal/lease.h"

#include <gmock/gmock.h>

namespace timetrial {
namespace {

constexpr LeaseTimes kTimes = {5, 60};

LeaseOwner process(const std::string& host, int64_t pid, const std::string& job = "", int64_t restart = 0) {
  return {host, "boot of " + host, "pid:[1]", pid, 100, job, restart};
}

LeaseView held_by(const LeaseOwner& owner, double age_seconds) {
  LeaseView view;
  view.number = 3;
  view.owner = owner;
  view.age_seconds = age_seconds;
  return view;
}

LeaseDecision decided(const LeaseView& view, OwnerLife life = OwnerLife::unknown,
                      const LeaseOwner& me = process("me", 1)) {
  return decide(view, me, life, kTimes);
}

TEST(LeaseDecision, TakesWhatNobodyHasHeld) {
  EXPECT_EQ(decided({}), LeaseDecision::free);
}

TEST(LeaseDecision, TakesWhatWasGivenBackHoweverLately) {
  LeaseView view;
  view.number = 3;
  view.given_back = true;
  EXPECT_EQ(decided(view), LeaseDecision::free);
}

TEST(LeaseDecision, LeavesWhatAnotherProcessIsAboutToTake) {
  EXPECT_EQ(decided({}, OwnerLife::alive), LeaseDecision::held);
  LeaseView view;
  view.number = 3;
  view.given_back = true;
  EXPECT_EQ(decided(view, OwnerLife::alive), LeaseDecision::held);
}

TEST(LeaseDecision, LeavesAnOwnerWithASignOfLife) {
  EXPECT_EQ(decided(held_by(process("other", 7), 0)), LeaseDecision::held);
  EXPECT_EQ(decided(held_by(process("other", 7), 60)), LeaseDecision::held);
}

TEST(LeaseDecision, TakesFromAnOwnerWithoutOneForTooLong) {
  EXPECT_EQ(decided(held_by(process("other", 7), 60.1)), LeaseDecision::stale);
}

TEST(LeaseDecision, TakesFromADeadOwnerAtOnce) {
  EXPECT_EQ(decided(held_by(process("me", 7), 0), OwnerLife::dead), LeaseDecision::owner_dead);
}

TEST(LeaseDecision, LeavesALivingOwnerThatCannotRenew) {
  EXPECT_EQ(decided(held_by(process("me", 7), 1000), OwnerLife::alive), LeaseDecision::held);
}

TEST(LeaseDecision, TakesFromAnEarlierStartOfTheSameJob) {
  const LeaseView view = held_by(process("other", 7, "17_3", 0), 0);
  EXPECT_EQ(decided(view, OwnerLife::unknown, process("me", 1, "17_3", 1)), LeaseDecision::superseded);
  EXPECT_EQ(decided(view, OwnerLife::alive, process("other", 8, "17_3", 1)), LeaseDecision::superseded);
}

TEST(LeaseDecision, LeavesTheSameOrALaterStartOfTheSameJobAndOtherJobs) {
  const LeaseView view = held_by(process("other", 7, "17_3", 1), 0);
  EXPECT_EQ(decided(view, OwnerLife::unknown, process("me", 1, "17_3", 0)), LeaseDecision::held);
  EXPECT_EQ(decided(view, OwnerLife::unknown, process("me", 1, "17_3", 1)), LeaseDecision::held);
  EXPECT_EQ(decided(view, OwnerLife::unknown, process("me", 1, "17_4", 2)), LeaseDecision::held);
  EXPECT_EQ(decided(held_by(process("other", 7), 0), OwnerLife::unknown, process("me", 1, "", 2)),
            LeaseDecision::held);
}

TEST(LeaseDecision, GivesALeaseThatCannotBeReadTheTimeToBeWritten) {
  LeaseView view;
  view.number = 3;
  view.age_seconds = 1;
  EXPECT_EQ(decided(view), LeaseDecision::held);
  EXPECT_EQ(decided(view, OwnerLife::dead), LeaseDecision::held);
  view.age_seconds = 61;
  EXPECT_EQ(decided(view), LeaseDecision::stale);
  EXPECT_EQ(decided(view, OwnerLife::alive), LeaseDecision::held);
}

TEST(LeaseText, ComesBackAsItWas) {
  const LeaseOwner owner = process("node", 4711, "17_3", 2);
  EXPECT_EQ(lease_from_json(lease_to_json(owner)), owner);
}

TEST(LeaseText, TornOrOfAnotherKindHasNoOwner) {
  const std::string whole = lease_to_json(process("node", 4711));
  for (size_t length = 0; length + 2 < whole.size(); ++length)
    EXPECT_EQ(lease_from_json(whole.substr(0, length)), std::nullopt) << length;
  EXPECT_EQ(lease_from_json("given back\n"), std::nullopt);
  EXPECT_EQ(lease_from_json(R"({"host": 3})"), std::nullopt);
}

TEST(LeaseOwner, IsNamedForPeople) {
  EXPECT_EQ(describe(process("node", 4711)), "node, process 4711");
  EXPECT_EQ(describe(process("node", 4711, "17_3", 2)), "node, process 4711 (SLURM job 17_3, start 3)");
}

TEST(LeaseOwner, OfThisMachineIsSeenAliveOrDead) {
  const LeaseOwner me = this_process();
  EXPECT_GT(me.start_ticks, 0);
  EXPECT_EQ(life_of(me, me), OwnerLife::alive);
  LeaseOwner reused = me;  // the id belongs to another process now
  ++reused.start_ticks;
  EXPECT_EQ(life_of(reused, me), OwnerLife::dead);
  LeaseOwner gone = me;
  gone.pid = 1 << 22;  // above what the kernel gives out
  EXPECT_EQ(life_of(gone, me), OwnerLife::dead);
}

TEST(LeaseOwner, OutOfSightIsUnknown) {
  const LeaseOwner me = this_process();
  for (std::string LeaseOwner::*field : {&LeaseOwner::boot_id, &LeaseOwner::pid_namespace}) {
    LeaseOwner other = me;
    other.*field = "another";
    other.pid = 1 << 22;
    EXPECT_EQ(life_of(other, me), OwnerLife::unknown);
    other.*field = "";
    EXPECT_EQ(life_of(other, other), OwnerLife::unknown);
  }
}

}  // namespace
}  // namespace timetrial
